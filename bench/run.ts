/**
 * Runs the benchmarks, and writes what they measured to docs/benchmarks.md.
 *
 *     npm run bench                                        all of them, on every database
 *     npm run bench -- reads --databases postgres --print  one of them, on one database, printed but not written
 */
import { parseArgs } from "node:util";
import { runCallLog } from "./call-log.ts";
import { runFirstPayload } from "./first-payload.ts";
import { runReads } from "./reads/run.ts";
import { writeSection } from "./report.ts";

/** Each gives the markdown of its section. `options` are those of the command line that it may look at. */
const benchmarks: Readonly<Record<string, (options: Options) => Promise<string>>> = {
  reads: runReads,
  "call-log": runCallLog,
  "first-payload": runFirstPayload,
};

export interface Options {
  /** Names of databases with commas between; all where unset. */
  readonly databases?: string | undefined;
  /** Numbers of parents with commas between. */
  readonly parents?: string | undefined;
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { databases: { type: "string" }, parents: { type: "string" }, print: { type: "boolean" } },
  });
  const chosen = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  for (const name of chosen) {
    const benchmark = benchmarks[name];
    if (benchmark === undefined)
      throw new Error(`Expected a benchmark (${Object.keys(benchmarks).join(", ")}), got ${JSON.stringify(name)}.`);
    const section = await benchmark(values);
    if (values.print) console.log(`\n${section}`);
    else await writeSection(name, section);
  }
}

if (import.meta.main) await run(process.argv.slice(2));
