import type { DeclaredSchemas } from "../schema/declared-schemas.ts";
import { commentText, memberOf, pascalCase } from "../schema/identifiers.ts";
import { writePath, writeProperties, writeQuery } from "./arguments.ts";
import type { PlannedBatch, PlannedRead } from "./plan.ts";

/** The interface of what a reader is asked with, where that is more than one value; else "". */
export function writeArgument({ name, arguments: { path, query } }: PlannedRead): string {
  if (isPlainKey(path.length, query.length)) return "";
  return `export interface ${pascalCase(name)}Query {\n${writeProperties([...path, ...query])}\n}`;
}

const isPlainKey = (inPath: number, inQuery: number): boolean => inQuery === 0 && inPath <= 1;

/** One property of the object that the reads are. */
export function writeRead(read: PlannedRead, schemas: DeclaredSchemas): string {
  const { operation, name, pages } = read;
  const body = schemas.constantOf(read.body);
  const options = [`call: ${JSON.stringify(name)}`, ...writeTarget(read), `body: ${body}`];
  if (pages) {
    if (pages.rows.items) options.push(`items: ${withType(pages.rows.items, read.body)}`);
    options.push(`next: ${withType(pages.paging.next, read.body)}`);
  } else if (operation.path.endsWith("}")) options.push('notFound: "null"');
  const { path, query } = read.arguments;
  const isUnasked = path.length + query.length === 0;
  const types = isUnasked && !pages ? `<typeof ${body}, void>` : "";
  return `${commentOf(read)}${name}: reads.${pages ? "paged" : "single"}${types}({ ${options.join(", ")} }),`;
}

/** Functions of a body say its type, which the compiler does not infer everywhere. */
const withType = (code: string, body: string): string => code.replaceAll("(body) =>", `(body: ${body}) =>`);

function writeTarget({ name, operation, arguments: { path, query } }: PlannedRead): string[] {
  const [first] = path;
  if (first && isPlainKey(path.length, query.length)) {
    return [`path: (key: ${first.type}) => ${writePath(operation.path, () => "key")}`];
  }
  const argument = `(query: ${pascalCase(name)}Query)`;
  const written = writePath(operation.path, (parameter) => memberOf("query", parameter));
  return [
    path.length > 0 ? `path: ${argument} => ${written}` : `path: ${written}`,
    ...(query.length > 0 ? [`query: ${argument} => ${writeQuery(query, "query")}`] : []),
  ];
}

function commentOf({ operation, pages }: PlannedRead): string {
  const summary = commentText(operation.summary);
  const lines = [
    `${operation.method.toUpperCase()} ${operation.path}${summary ? `: ${summary}` : ""}`,
    ...(pages ? [`Paged: ${pages.paging.why}.`] : []),
    ...(operation.isDeprecated ? ["@deprecated"] : []),
  ];
  return blockComment(lines);
}

const blockComment = (lines: readonly string[]): string =>
  lines.length === 1 ? `/** ${lines[0]} */\n` : `/**\n${lines.map((line) => ` * ${line}`).join("\n")}\n */\n`;

/** The declaration of a batch read, which is what the probe takes. */
export function writeBatch({ operation, name, body, proposal, twin }: PlannedBatch, schemas: DeclaredSchemas): string {
  const { keyParameter, rows, keyAccess, maxKeys, query } = proposal;
  const constant = schemas.constantOf(body);
  const row = rowType(body, rows.items, schemas);
  const parts = [
    `call: ${JSON.stringify(name)}`,
    `path: ${JSON.stringify(operation.path)}`,
    ...(Object.keys(query).length > 0 ? [`query: new URLSearchParams(${JSON.stringify(query)})`] : []),
    `keys: ${keyParameter.keys}`,
    `body: ${constant}`,
    ...(rows.items ? [`items: ${withType(rows.items, body)}`] : []),
    `keyOf: (row: ${row}) => ${keyAccess}`,
    `maxKeys: ${maxKeys}`,
    ...(twin ? [writeTwin(twin, schemas)] : []),
  ];
  const comment = blockComment([
    `PROPOSED from ${operation.method.toUpperCase()} ${operation.path}: ${proposal.why}`,
    "Assumed, and for `npm run openapi:probe` to confirm:",
    ...proposal.assumptions.map((assumption) => `- ${assumption}.`),
  ]);
  return `${comment}export const ${name} = { ${parts.join(", ")} } as const;`;
}

function rowType(body: string, items: string | undefined, schemas: DeclaredSchemas): string {
  const shape = schemas.shapeOf(body);
  if (shape?.kind === "array" && shape.item.kind === "named") return shape.item.name;
  return items ? rowOfEnvelope(body, items) : `${body}[number]`;
}

/** `(body) => body.data ?? []` in the body `Pets` has rows of `NonNullable<Pets["data"]>[number]`. */
function rowOfEnvelope(body: string, items: string): string {
  const property = /body\??(?:\.(\w+)|\.?\["(.+)"\])/.exec(items);
  const owner = items.includes("body?.") ? `NonNullable<${body}>` : body;
  return `NonNullable<${owner}[${JSON.stringify(property?.[1] ?? property?.[2])}]>[number]`;
}

function writeTwin({ operation, body, arguments: { path } }: PlannedRead, schemas: DeclaredSchemas): string {
  const target = writePath(operation.path, () => "key");
  const type = path[0]?.type.includes("|") ? path[0].type : "RestKey";
  return `single: { path: (key: ${type}) => ${target}, body: ${schemas.constantOf(body)} }`;
}

/** The property that makes a reader of a batch's declaration. */
export const writeBatchRead = ({ name, operation, proposal }: PlannedBatch): string =>
  `/** ${operation.method.toUpperCase()} ${operation.path}, many keys in one call: proposed, see above. */\n` +
  `${name}: reads.${proposal.reader}(${name}),`;
