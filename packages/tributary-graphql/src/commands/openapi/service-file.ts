import type { DocumentLocation } from "./document/location.ts";
import { importsFor } from "./imports.ts";
import { type OperationName, type Plan, planReads } from "./reads/plan.ts";
import { type Server, securityNotes } from "./reads/service.ts";
import { writeArgument, writeBatch, writeBatchRead, writeRead } from "./reads/write.ts";
import { commentLine, commentText, textCode } from "./schema/code-text.ts";
import { DeclaredSchemas } from "./schema/declared-schemas.ts";
import { pascalCase, UniqueNames } from "./schema/identifiers.ts";
import { reservedNames } from "./schema/reserved-names.ts";

export interface ServiceRequest {
  /** The path or URL of the document, for the header of the file. */
  readonly location: string;
  /** The name of the service in the call log. */
  readonly name: string;
  /** Patterns of the id, the path or `GET /path` of operations; `*` matches any text. Empty for all operations. */
  readonly only: readonly string[];
}

/** A generated file, not yet formatted, with the data of its summary. */
export interface ServiceFile {
  readonly code: string;
  readonly plan: Plan;
  readonly server: Server;
  readonly security: readonly string[];
  readonly schemaCount: number;
}

/** The mark of a generated file, which may be overwritten. */
export const generatedMark = "Made by `tributary openapi`";

export function writeService(document: DocumentLocation, request: ServiceRequest): ServiceFile {
  const names = new UniqueNames([...reservedNames, ...serviceNames(request.name)]);
  const schemas = new DeclaredSchemas(document, names);
  const wanted = (operation: OperationName) => isWanted(request.only, operation);
  const plan = planReads(document, { schemas, names, isWanted: wanted, location: request.location });
  const parts = [
    schemas.write(),
    ...plan.reads.map(writeArgument),
    ...plan.batches.map((batch) => writeBatch(batch, schemas)),
    writeUpstream(document, request.name, plan),
    writeReads(plan, schemas, request.name),
  ].filter((part) => part !== "");
  const code = parts.join("\n\n");
  const written = schemas.hasDateTime ? `${dateTimeCode}\n\n${code}` : code;
  return {
    code: `${headerOf(document, request)}\n${importsFor(plan, schemas.hasDateTime)}\n\n${written}\n`,
    plan,
    server: plan.server,
    security: securityNotes(
      document,
      [...plan.reads, ...plan.batches].map(({ operation }) => operation),
    ),
    schemaCount: schemas.count,
  };
}

const serviceNames = (name: string): readonly string[] => [
  `create${pascalCase(name)}Service`,
  `create${pascalCase(name)}Reads`,
];

function isWanted(only: readonly string[], { method, path, id }: OperationName): boolean {
  if (only.length === 0) return true;
  const patterns = only.map((pattern) => new RegExp(`^${RegExp.escape(pattern).replaceAll("\\*", ".*")}$`));
  return patterns.some((pattern) =>
    [`${method.toUpperCase()} ${path}`, path, id].some((name) => name !== "" && pattern.test(name)),
  );
}

function headerOf(document: DocumentLocation, { location, name, only }: ServiceRequest): string {
  const info = document.at("info");
  const chosen = only.map((pattern) => ` --only ${JSON.stringify(pattern)}`).join("");
  const source = `"${commentText(info?.proseAt("title") ?? "")}" ${info?.proseAt("version") ?? ""}`;
  return [
    "/**",
    ` * ${generatedMark} from ${commentLine(`${source} (OpenAPI ${document.proseAt("openapi")})`)}:`,
    " *",
    ` *     ${commentLine(`npx tributary openapi ${location} --name ${name}${chosen}`)}`,
    " *",
    " * Do not edit: the command overwrites this file. Put additions into another file.",
    " */",
  ].join("\n");
}

const dateTimeCode = `/** A date-time of RFC 3339, with its time zone. */
const dateTime = z.string().refine(isDateTime, "Expected a date-time with its time zone, such as 2026-01-02T03:04:05Z");`;

function writeUpstream(document: DocumentLocation, name: string, { server: { baseUrl }, accept }: Plan): string {
  const title = commentText(document.at("info")?.proseAt("title") ?? "");
  const create = `create${pascalCase(name)}Service`;
  const first = `/** ${title}. Create it once per process. \`options\` set its headers and limits${baseUrl ? "" : ", and its base URL"}. */\n`;
  const parts = [
    `name: ${textCode(name)}`,
    ...(baseUrl === undefined ? [] : [`baseUrl: ${textCode(baseUrl)}`]),
    "...options",
    ...(accept === undefined ? [] : [`headers: { accept: ${textCode(accept)}, ...options.headers }`]),
  ];
  const options =
    baseUrl === undefined
      ? 'options: Pick<UpstreamOptions, "baseUrl"> & Partial<UpstreamOptions>'
      : "options: Partial<UpstreamOptions> = {}";
  return `${first}export const ${create} = (${options}): Upstream =>\n  createUpstream({ ${parts.join(", ")} });`;
}

function writeReads(plan: Plan, schemas: DeclaredSchemas, name: string): string {
  const lines = [...plan.batches.map(writeBatchRead), ...plan.reads.map((read) => writeRead(read, schemas))];
  return [
    "/** Create them once per request. */",
    `export function create${pascalCase(name)}Reads(upstream: Upstream, scope: UpstreamScope) {`,
    "const reads = createRestReads(upstream, scope);",
    `return {\n${lines.join("\n")}\n};`,
    "}",
  ].join("\n");
}
