import type { CaseName } from "../execution/cases.ts";
import { type ExecutorResult, measureExecution } from "../execution/measure-execution.ts";
import { executionSettings } from "../execution/run.ts";
import type { Options } from "../options.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { median } from "../statistics.ts";

interface Growth {
  readonly caseName: CaseName;
  readonly title: string;
  readonly unit: string;
  readonly sizes: readonly number[];
}

const growths: readonly Growth[] = [
  {
    caseName: "items",
    title: "Items of a list, four fields each",
    unit: "items",
    sizes: [10, 100, 1_000, 10_000, 100_000],
  },
  { caseName: "deep", title: "Levels, one object each", unit: "levels", sizes: [1, 10, 25, 50, 90] },
  { caseName: "wide", title: "Fields of one object", unit: "fields", sizes: [1, 10, 100, 400] },
];

/** The growth of time and memory of an execution with its size, compared with graphql-js. */
export async function runGrowth(options: Options): Promise<string> {
  const settings = executionSettings(options);
  const parts: string[] = [];
  for (const { caseName, title, unit, sizes } of growths) {
    const rows: string[][] = [];
    for (const size of options.quick ? sizes.slice(0, 3) : sizes) {
      const results = await measureExecution(caseName, ["graphql-js", "ours"], { ...settings, rounds: 3 }, size);
      rows.push(rowOf(size, results));
    }
    const header = [unit, "Tributary µs", "µs for each", "kB", "graphql-js µs", "µs for each", "kB"];
    parts.push(`**${title}**\n\n${markdownTable(header, rows)}`);
  }
  return `## How time and memory grow

${describeMachine()}. Execution alone, everything in memory. Microseconds are CPU time of one execution, kB what it allocates.

${parts.join("\n\n")}`;
}

function rowOf(size: number, results: readonly ExecutorResult[]): string[] {
  const cells = (["ours", "graphql-js"] as const).flatMap((name) => {
    const result = results.find((one) => one.name === name);
    if (result === undefined || result.missing !== undefined) return ["–", "–", "–"];
    const cpuUs = median(result.rounds.map((round) => round.cpuUs));
    return [cpuUs.toFixed(cpuUs < 10 ? 2 : 0), (cpuUs / size).toFixed(2), (result.allocatedBytes / 1024).toFixed(0)];
  });
  return [size.toLocaleString("en-US"), ...cells];
}
