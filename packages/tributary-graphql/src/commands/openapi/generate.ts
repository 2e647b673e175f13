/** `tributary openapi` writes the typed declaration of a REST service from its OpenAPI document: docs/openapi.md. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { appRoot } from "../app.ts";
import { CommandError } from "../command-error.ts";
import { readArguments } from "../command-line.ts";
import { loadDocument } from "./document/load.ts";
import { formatted } from "./format.ts";
import { assertReadable } from "./reads/assert-readable.ts";
import { generatedMark, type ServiceFile, writeService } from "./service-file.ts";
import { summaryOf } from "./summary.ts";

export const usage = `Writes the typed declaration of a REST service from its OpenAPI document (3.0 or 3.1, JSON or YAML).

  npx tributary openapi <file or URL> --name <service> [options]

  --name <service>   the name of the service in the call log: lowercase letters, digits and dashes
  --out <file>       default: datasources/<service>-service.ts
  --only <pattern>   only operations whose id, path or "GET /path" matches; * matches any text; may be repeated
  --force            overwrite a file that this command did not generate

For example: npx tributary openapi node_modules/@readme/oas-examples/3.1/yaml/train-travel.yaml --name trains`;

export interface GenerateRequest {
  readonly location: string;
  readonly name: string;
  /** Default `datasources/<name>-service.ts`. */
  readonly out?: string;
  readonly only?: readonly string[];
  readonly force?: boolean;
}

/**
 * Writes the declaration of a service. The output is deterministic.
 * @throws CommandError with one line, for an invalid document, and for an existing file that was not generated
 */
export async function generateService(request: GenerateRequest): Promise<{ path: string; file: ServiceFile }> {
  const { location, name, only = [] } = request;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new CommandError(`Expected --name to be lowercase letters, digits and dashes, got ${JSON.stringify(name)}.`);
  }
  const path = resolve(appRoot(), request.out ?? `datasources/${name}-service.ts`);
  if (!path.endsWith(".ts")) throw new CommandError(`Expected --out to end with .ts, got ${request.out}.`);
  if (!request.force) await assertReplaceable(path);
  const file = writeService(await loadDocument(location), { location, name, only });
  assertReadable(file.plan, request);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await formatted(file.code));
  return { path, file };
}

async function assertReplaceable(path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined || text.slice(0, 200).includes(generatedMark)) return;
  throw new CommandError(`${path} was not generated: choose another --out, or overwrite it with --force.`);
}

/** @param args the arguments after the name of the command */
export async function command(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = readArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      name: { type: "string" },
      out: { type: "string" },
      only: { type: "string", multiple: true },
      force: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [location, ...others] = positionals;
  if (args.length === 0 || values.help) {
    console.log(usage);
    return true;
  }
  if (location === undefined)
    throw new CommandError('Expected a file or a URL. "tributary openapi --help" shows the usage.');
  if (others.length > 0) throw new CommandError(`Expected one document, got ${positionals.join(", ")}.`);
  if (values.name === undefined)
    throw new CommandError('Expected --name <service>. "tributary openapi --help" shows the usage.');
  const { path, file } = await generateService({ ...values, location, name: values.name });
  console.log(summaryOf(file, relative(process.cwd(), path)));
  return true;
}
