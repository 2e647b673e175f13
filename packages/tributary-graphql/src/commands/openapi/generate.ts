/**
 * Writes the typed declaration of a REST service from its OpenAPI document: docs/openapi.md.
 *
 *     npx tributary openapi <file or URL> --name pets [--out FILE] [--only PATTERN]... [--force]
 */
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

  --name <service>   the service's name in the call log: lower case letters, digits and dashes
  --out <file>       default: datasources/<service>-service.ts
  --only <pattern>   only operations whose id, path or "GET /path" it matches, * for anything; may be repeated
  --force            overwrite a file that was not made by this command

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
 * Writes the declaration and returns what it holds. The same document gives the same bytes.
 * @throws CommandError in one line for a document that is none, and for a file that would be lost
 */
export async function generateService(request: GenerateRequest): Promise<{ path: string; file: ServiceFile }> {
  const { location, name, only = [] } = request;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new CommandError(`Expected --name to be lower case letters, digits and dashes, got ${JSON.stringify(name)}.`);
  }
  const path = resolve(appRoot(), request.out ?? `datasources/${name}-service.ts`);
  if (!path.endsWith(".ts"))
    throw new CommandError(`Expected --out to be a file that ends with .ts, got ${request.out}.`);
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
  throw new CommandError(`${path} was not made by this command: choose another --out, or overwrite it with --force.`);
}

/** @param args as they stand behind the command's name */
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
    throw new CommandError("Expected a file or a URL. Without arguments, the usage is shown.");
  if (others.length > 0) throw new CommandError(`Expected one document, got ${positionals.join(", ")}.`);
  if (values.name === undefined)
    throw new CommandError("Expected --name <service>. Without arguments, the usage is shown.");
  const { path, file } = await generateService({ ...values, location, name: values.name });
  console.log(summaryOf(file, relative(process.cwd(), path)));
  return true;
}
