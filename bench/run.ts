/**
 * Runs the benchmarks, and writes their results to docs/benchmarks.md.
 *
 *     npm run bench                                        all benchmarks
 *     npm run bench -- posts pages                         some benchmarks; the other sections are kept
 *     npm run bench -- posts --only ours,yoga --quick      short rounds and few contenders, printed but not written
 *     npm run bench -- reads --databases postgres --print  one benchmark on one database, printed but not written
 */
import { parseArgs } from "node:util";
import { useOwnPackages } from "./own-packages.ts";

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
  const { benchmarks } = await import("./benchmarks.ts");
  const { writeSection } = await import("./report.ts");
  const names = Object.keys(benchmarks);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`Expected a benchmark (${names.join(", ")}), got ${JSON.stringify(unknown)}.`);
  const { installPeers } = await import("./install.ts");
  await installPeers();
  for (const name of positionals.length > 0 ? positionals : names) {
    const section = await benchmarks[name]?.(values);
    if (section === undefined) continue;
    if (values.print || values.quick) console.log(`\n${section}`);
    else await writeSection(name, section, names);
  }
}

if (import.meta.main) {
  // An exit runs the handlers that stop child processes.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
