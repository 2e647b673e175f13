/**
 * Runs the benchmarks, and writes what they measured to docs/benchmarks.md.
 *
 *     npm run bench                                        all of them
 *     npm run bench -- posts pages                         some of them; the other sections stay as they are
 *     npm run bench -- posts --only ours,yoga --quick      short rounds and few contenders, printed but not written
 *     npm run bench -- reads --databases postgres --print  one of them, on one database, printed but not written
 */
import { parseArgs } from "node:util";
import type { Options } from "./options.ts";
import { useOwnPackages } from "./own-packages.ts";

/** Each gives the markdown of its section. */
type Benchmark = (options: Options) => Promise<string>;

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      databases: { type: "string" },
      parents: { type: "string" },
      only: { type: "string" },
      quick: { type: "boolean" },
      print: { type: "boolean" },
    },
  });
  useOwnPackages();
  const { installPeers } = await import("./install.ts");
  await installPeers();
  const { benchmarks } = await import("./benchmarks.ts");
  const { writeSection } = await import("./report.ts");
  const chosen = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  for (const name of chosen) {
    const benchmark: Benchmark | undefined = benchmarks[name];
    if (benchmark === undefined)
      throw new Error(`Expected a benchmark (${Object.keys(benchmarks).join(", ")}), got ${JSON.stringify(name)}.`);
    const section = await benchmark(values);
    if (values.print || values.quick) console.log(`\n${section}`);
    else await writeSection(name, section, Object.keys(benchmarks));
  }
}

if (import.meta.main) await run(process.argv.slice(2));
