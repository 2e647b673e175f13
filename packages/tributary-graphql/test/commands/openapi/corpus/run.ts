/**
 * Writes the declarations of all OpenAPI documents below a folder, compiles them with the repository's tsconfig, imports
 * them, and counts how many were written, refused or faulty, and why. Downloads nothing.
 *
 *     node packages/tributary-graphql/test/commands/openapi/corpus/run.ts <folder of documents> [--out <report.json>]
 */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { WriteOutcome, WriteRequest } from "./write-document.ts";

const root = fileURLToPath(new URL("../../../../../..", import.meta.url));
const timeoutMs = 120_000;
const filesPerProgram = 60;

/** A worker that is replaced when a document takes too long or crashes it. */
class Writer {
  #worker: Worker | undefined;

  async write(request: WriteRequest): Promise<WriteOutcome> {
    this.#worker ??= new Worker(new URL("write-document.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 3000 },
    });
    const worker = this.#worker;
    const { promise, resolve: settle } = Promise.withResolvers<WriteOutcome>();
    const crashed = (reason: string) => {
      void worker.terminate();
      this.#worker = undefined;
      settle({ kind: "crashed", reason });
    };
    const timer = setTimeout(() => crashed(`took longer than ${timeoutMs} ms`), timeoutMs);
    const onError = (error: unknown) => crashed(String(error));
    worker.once("message", settle);
    worker.once("error", onError);
    worker.postMessage(request);
    const outcome = await promise;
    clearTimeout(timer);
    worker.off("message", settle);
    worker.off("error", onError);
    return outcome;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}

interface Result {
  readonly location: string;
  readonly outcome: WriteOutcome;
  /** The faults of the written file. */
  faults: string[];
}

async function writeAll(folder: string, out: string): Promise<Map<string, Result>> {
  const writer = new Writer();
  const results = new Map<string, Result>();
  const documents = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(json|ya?ml)$/.test(path))
    .sort();
  for (const [index, path] of documents.entries()) {
    const location = join(folder, path);
    const file = `d${index}-service.ts`;
    const outcome = await writer.write({ location, name: `d${index}`, path: join(out, file) });
    results.set(file, { location: path, outcome, faults: [] });
  }
  await writer.close();
  return results;
}

const run = (command: string, args: readonly string[]): Promise<string> =>
  new Promise((settle) => {
    execFile(command, args, { cwd: root, maxBuffer: 2 ** 28 }, (_error, stdout, stderr) =>
      settle(`${stdout}${stderr}`),
    );
  });

async function compile(files: readonly string[], out: string, results: ReadonlyMap<string, Result>): Promise<void> {
  const project = join(out, "tsconfig.json");
  for (let start = 0; start < files.length; start += filesPerProgram) {
    const some = files.slice(start, start + filesPerProgram);
    const compilerOptions = { lib: ["esnext", "dom"] };
    writeFileSync(
      project,
      JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, files: some, include: [] }),
    );
    const output = await run(join(root, "node_modules/.bin/tsc"), ["-p", out]);
    for (const line of output.split("\n")) {
      const [, file = "", words = ""] = /([\w-]+\.ts)\(\d+,\d+\): (error .*)$/.exec(line) ?? [];
      results.get(file)?.faults.push(words);
      if (!file && /error|panic|fatal/i.test(line)) console.log(`tsc: ${line}`);
    }
  }
  rmSync(project);
}

function check(schema: unknown, value: unknown): void {
  if (typeof schema === "object" && schema !== null && "~standard" in schema) {
    (schema as StandardSchemaV1)["~standard"].validate(value);
  }
}

async function importAll(files: readonly string[], out: string, results: ReadonlyMap<string, Result>): Promise<void> {
  for (const file of files) {
    try {
      const module: Record<string, unknown> = await import(pathToFileURL(join(out, file)).href);
      // Some faults of a schema show only at its first use.
      for (const schema of Object.values(module)) for (const value of [undefined, {}, []]) check(schema, value);
    } catch (error) {
      results.get(file)?.faults.push(`import: ${String(error)}`);
    }
  }
}

async function lint(out: string, results: ReadonlyMap<string, Result>): Promise<void> {
  const biome = join(root, "node_modules/.bin/biome");
  const folder = `${relative(root, out)}/`;
  const common = ["--vcs-enabled=false", "--files-max-size=100000000", "--max-diagnostics=none", folder];
  await run(biome, ["check", "--write", "--linter-enabled=false", ...common]);
  const output = await run(biome, ["check", "--error-on-warnings", "--reporter=github", ...common]);
  for (const [, rule = "", file = ""] of output.matchAll(/title=([^,]*),file=[^,]*?([\w-]+\.ts),/g)) {
    results.get(file)?.faults.push(`biome: ${rule}`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string" }, "write-only": { type: "boolean" } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("Expected a folder of documents.");
const out = join(root, ".data/openapi-corpus");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const results = await writeAll(resolve(folder), out);
const files = [...results].filter(([, { outcome }]) => outcome.kind === "written").map(([file]) => file);
console.log(`${results.size} documents, ${files.length} written`);
if (values["write-only"]) {
  if (values.out) writeFileSync(values.out, JSON.stringify([...results], null, 1));
  process.exit();
}
await compile(files, out, results);
await importAll(files, out, results);
await lint(out, results);
const count = (isOne: (result: Result) => boolean) => [...results.values()].filter(isOne).length;
console.log({
  documents: results.size,
  written: files.length,
  compileAndImport: count(
    ({ outcome, faults }) => outcome.kind === "written" && faults.every((fault) => fault.startsWith("biome")),
  ),
  lintClean: count(({ outcome, faults }) => outcome.kind === "written" && faults.length === 0),
  refused: count(({ outcome }) => outcome.kind === "refused"),
  crashed: count(({ outcome }) => outcome.kind === "crashed"),
});
if (values.out) writeFileSync(values.out, JSON.stringify([...results], null, 1));
