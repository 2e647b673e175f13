import type { Place } from "./document/place.ts";
import { type Plan, planReads } from "./reads/plan.ts";
import { type Server, securityNotes, serverOf } from "./reads/service.ts";
import { writeArgument, writeBatch, writeBatchRead, writeRead } from "./reads/write.ts";
import { DeclaredSchemas } from "./schema/declared-schemas.ts";
import { camelCase, commentText, pascalCase } from "./schema/identifiers.ts";

export interface ServiceRequest {
  /** Where the document came from, for the header of the file. */
  readonly location: string;
  /** The service's name in the call log. */
  readonly name: string;
  /** Operations to take: parts of `GET /path` or of the operation's id, `*` for anything. Empty for all. */
  readonly only: readonly string[];
  /** The folder that the file will be in, seen from the one that holds `rest/`: `./rest/`. */
  readonly restFolder: string;
}

/** A generated file, not yet formatted, and what there is to say of it. */
export interface ServiceFile {
  readonly code: string;
  readonly plan: Plan;
  readonly server: Server;
  readonly security: readonly string[];
  readonly schemaCount: number;
}

/** The first line of what was generated: by it a file is known that may be overwritten. */
export const generatedMark = "Made by `npm run openapi`";

export function writeService(document: Place, request: ServiceRequest): ServiceFile {
  const schemas = new DeclaredSchemas(document);
  const plan = planReads(document, schemas, ({ method, path, id }) =>
    isWanted(request.only, [`${method.toUpperCase()} ${path}`, path, id]),
  );
  const server = serverOf(document, request.location);
  const declarations = schemas.write();
  const parts = [
    declarations,
    ...plan.reads.map(writeArgument),
    ...plan.batches.map((batch) => writeBatch(batch, schemas)),
    writeUpstream(document, request.name, server),
    writeReads(plan, schemas, request.name),
  ].filter((part) => part !== "");
  const code = parts.join("\n\n");
  return {
    code: `${headerOf(document, request)}\n${importsFor(code, request.restFolder)}\n\n${code}\n`,
    plan,
    server,
    security: securityNotes(
      document,
      [...plan.reads, ...plan.batches].map(({ operation }) => operation),
    ),
    schemaCount: schemas.count,
  };
}

function isWanted(only: readonly string[], names: readonly string[]): boolean {
  if (only.length === 0) return true;
  const patterns = only.map((pattern) => new RegExp(`^${RegExp.escape(pattern).replaceAll("\\*", ".*")}$`));
  return patterns.some((pattern) => names.some((name) => pattern.test(name)));
}

function headerOf(document: Place, { location, name, only }: ServiceRequest): string {
  const info = document.need("info");
  const title = commentText(info.textAt("title"));
  const version = String(info.at("version")?.value ?? "");
  const chosen = only.map((pattern) => ` --only ${JSON.stringify(pattern)}`).join("");
  return [
    "/**",
    ` * ${generatedMark} from "${title}" ${version} (OpenAPI ${document.need("openapi").text()}):`,
    " *",
    ` *     npm run openapi -- ${location} --name ${name}${chosen}`,
    " *",
    " * Changes by hand are lost when it is made again. Put what the document does not know into a file beside this one.",
    " */",
  ].join("\n");
}

function importsFor(code: string, rest: string): string {
  // A name of the readers is used by a call of it, or by a template; whatever else has that name is a property.
  const uses = (...names: string[]): string[] =>
    names.filter((name) => new RegExp(`(?<!\\.)\\b${name}[(\`]`).test(code));
  const reads = uses(
    "commaList",
    "createRestReads",
    "linkHeader",
    "nextCursor",
    "pageNumber",
    "path",
    "postBody",
    "repeated",
  );
  const values = [...reads, ...(/: RestKey\b/.test(code) ? ["type RestKey"] : [])];
  return [
    'import { z } from "zod";',
    ...(uses("queryOf").length > 0 ? [`import { queryOf } from "${rest}query.ts";`] : []),
    `import { ${values.join(", ")} } from "${rest}reads.ts";`,
    `import { createUpstream, type Upstream, type UpstreamOptions, type UpstreamScope } from "${rest}upstream.ts";`,
  ].join("\n");
}

function writeUpstream(document: Place, name: string, { baseUrl }: Server): string {
  const title = commentText(document.need("info").textAt("title"));
  const create = `create${pascalCase(name)}Service`;
  const first = `/** ${title}. Once a process; \`options\` say its headers and limits${baseUrl ? "" : ", and where it is"}. */\n`;
  return baseUrl === undefined
    ? `${first}export const ${create} = (options: Pick<UpstreamOptions, "baseUrl"> & Partial<UpstreamOptions>): Upstream =>\n  createUpstream({ name: ${JSON.stringify(name)}, ...options });`
    : `${first}export const ${create} = (options: Partial<UpstreamOptions> = {}): Upstream =>\n  createUpstream({ name: ${JSON.stringify(name)}, baseUrl: ${JSON.stringify(baseUrl)}, ...options });`;
}

function writeReads(plan: Plan, schemas: DeclaredSchemas, name: string): string {
  const lines = [...plan.batches.map(writeBatchRead), ...plan.reads.map((read) => writeRead(read, schemas))];
  const upstream = camelCase(name);
  return [
    "/** Once a request. */",
    `export function create${pascalCase(name)}Reads(${upstream}: Upstream, scope: UpstreamScope) {`,
    `const reads = createRestReads(${upstream}, scope);`,
    `return {\n${lines.join("\n")}\n};`,
    "}",
  ].join("\n");
}
