import { endsWithValue } from "../document/path-template.ts";
import { commentLine, commentText, memberOf, textCode, valueCode } from "../schema/code-text.ts";
import type { DeclaredSchemas } from "../schema/declared-schemas.ts";
import type { PlannedBatch, PlannedRead } from "./plan.ts";
import { writePath, writeProperties, writeQuery } from "./write-arguments.ts";

/** The interface of a reader's argument. Empty if the reader takes one key or none. */
export function writeArgument({ argumentType, arguments: { path, query } }: PlannedRead): string {
  return argumentType ? `export interface ${argumentType} {\n${writeProperties([...path, ...query])}\n}` : "";
}

/** The property of a read. */
export function writeRead(read: PlannedRead, schemas: DeclaredSchemas): string {
  const { operation, name, pages } = read;
  const body = schemas.constantOf(read.body);
  const options = [`call: ${textCode(name)}`, ...writeTarget(read), `body: ${body}`];
  if (pages) {
    if (pages.rows.items) options.push(`items: ${withType(pages.rows.items, read.body)}`);
    options.push(`next: ${withType(pages.paging.next, read.body)}`);
  } else if (endsWithValue(operation.template.path)) options.push('notFound: "null"');
  const { path, query } = read.arguments;
  const hasNoArgument = path.length + query.length === 0;
  const types = hasNoArgument && !pages ? `<typeof ${body}, void>` : "";
  return `${commentOf(read)}${name}: reads.${pages ? "paged" : "single"}${types}({ ${options.join(", ")} }),`;
}

/** Adds the type of the body to functions, because the compiler does not always infer it. */
const withType = (code: string, body: string): string => code.replaceAll("(body) =>", `(body: ${body}) =>`);

function writeTarget({ argumentType, operation: { template }, arguments: { path, query } }: PlannedRead): string[] {
  const [first] = path;
  const hasQuery = query.length + template.query.length > 0;
  const memberFor = (name: string): string =>
    memberOf("query", path.find(({ parameter }) => parameter.name === name)?.member ?? name);
  const textOf = argumentType === undefined ? () => "key" : memberFor;
  const argument = argumentType === undefined ? (first ? `(key: ${first.type})` : "()") : `(query: ${argumentType})`;
  const target = writePath(template.path, textOf);
  const needsArgument = query.length > 0 || template.query.some(({ value }) => value.includes("{"));
  const search = writeQuery(query, "query", template.query, textOf);
  return [
    template.path.includes("{") ? `path: ${argument} => ${target}` : `path: ${target}`,
    ...(hasQuery ? [`query: ${needsArgument ? argument : "()"} => ${search}`] : []),
  ];
}

function commentOf({ operation, pages }: PlannedRead): string {
  const summary = commentText(operation.summary);
  const lines = [
    `${commentLine(`${operation.method.toUpperCase()} ${operation.path}`)}${summary ? `: ${summary}` : ""}`,
    ...(pages ? [`Paged: ${commentLine(pages.paging.why)}.`] : []),
    ...(operation.isDeprecated ? ["@deprecated"] : []),
  ];
  return blockComment(lines);
}

const blockComment = (lines: readonly string[]): string =>
  lines.length === 1 ? `/** ${lines[0]} */\n` : `/**\n${lines.map((line) => ` * ${line}`).join("\n")}\n */\n`;

/** The declaration of a batch read, for the readers and the probe. */
export function writeBatch(
  { operation, name, body, proposal, single }: PlannedBatch,
  schemas: DeclaredSchemas,
): string {
  const { keyParameter, rows, keyAccess, maxKeys, query } = proposal;
  const constant = schemas.constantOf(body);
  const row = rowType(body, rows.property, schemas);
  const parts = [
    `call: ${textCode(name)}`,
    `path: ${textCode(operation.template.path)}`,
    ...(Object.keys(query).length > 0 ? [`query: new URLSearchParams(${valueCode(query)})`] : []),
    `keys: ${keyParameter.keys}`,
    `body: ${constant}`,
    ...(rows.items ? [`items: ${withType(rows.items, body)}`] : []),
    `keyOf: (row: ${row}) => ${keyAccess}`,
    `maxKeys: ${maxKeys}`,
    ...(single ? [writeSingle(single, schemas)] : []),
  ];
  const comment = blockComment([
    commentLine(`PROPOSED from ${operation.method.toUpperCase()} ${operation.path}: ${proposal.why}`),
    "Assumptions, which `npx tributary probe` tests:",
    ...proposal.assumptions.map((assumption) => commentLine(`- ${assumption}.`)),
  ]);
  return `${comment}export const ${name} = { ${parts.join(", ")} } as const;`;
}

/** The type of the rows of a body: `NonNullable<Pets["data"]>[number]` for the body `Pets` with the property `data`. */
function rowType(body: string, property: string | undefined, schemas: DeclaredSchemas): string {
  const shape = schemas.shapeOf(body);
  if (shape?.kind === "array" && shape.item.kind === "named") return shape.item.name;
  return property === undefined
    ? `${body}[number]`
    : `NonNullable<NonNullable<${body}>[${textCode(property)}]>[number]`;
}

/** The type of the key of the read of one row. */
export const singleKeyType = ({ arguments: { path } }: PlannedRead): string =>
  path[0]?.type.includes("|") ? path[0].type : "RestKey";

function writeSingle(read: PlannedRead, schemas: DeclaredSchemas): string {
  const { operation, body } = read;
  const target = writePath(operation.template.path, () => "key");
  return `single: { path: (key: ${singleKeyType(read)}) => ${target}, body: ${schemas.constantOf(body)} }`;
}

/** The property of a batch read. */
export const writeBatchRead = ({ name, operation, proposal }: PlannedBatch): string =>
  `/** ${commentLine(`${operation.method.toUpperCase()} ${operation.path}`)}, many keys per call. Proposed, see above. */\n` +
  `${name}: reads.${proposal.reader}(${name}),`;
