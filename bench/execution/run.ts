import type { Options } from "../options.ts";
import { findCores } from "../processes/cores.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { median, medianRatio } from "../statistics.ts";
import { type CaseName, cases } from "./cases.ts";
import { type ExecutorName, executors } from "./executors.ts";
import { type ExecutionSettings, type ExecutorResult, measureExecution } from "./measure-execution.ts";

const measuredCases: readonly CaseName[] = ["loaded", "posts", "deep", "one", "mutation", "items", "wide"];

/** Measures execution alone, without HTTP and calls to sources, and returns its section. */
export async function runExecution(options: Options): Promise<string> {
  const settings = executionSettings(options);
  const names = Object.keys(executors) as ExecutorName[];
  const only = options.only?.split(",");
  const chosen = names.filter((name, index) => index === 0 || only === undefined || only.includes(name));
  const parts: string[] = [];
  for (const caseName of measuredCases) {
    const hasCodeByHand = "byHand" in cases[caseName];
    const available = chosen.filter((name) => name !== "by-hand" || hasCodeByHand);
    const results = await measureExecution(caseName, available, settings);
    parts.push(`**${cases[caseName].title}**\n\n${executionTable(results)}`);
  }
  return `## Execution alone

${describeMachine()}. The document is parsed and everything is in memory: what is timed is
the executor and its resolvers. Every answer is the same to the byte. Microseconds are CPU time of the process, garbage
collection included; "times graphql-js" is how often the executor answers while graphql-js answers once. Goals: 12 times
graphql-js for posts and users with a DataLoader, faster than graphql-jit, and nowhere slower than graphql-js.

${parts.join("\n\n")}`;
}

export function executionSettings({ quick }: Options): ExecutionSettings {
  const cores = findCores();
  const length = quick ? { rounds: 3, roundMs: 150, warmUpMs: 400 } : { rounds: 9, roundMs: 500, warmUpMs: 1_500 };
  return { cores: cores && [cores.server], ...length, log: console.log };
}

function executionTable(results: readonly ExecutorResult[]): string {
  const [reference] = results;
  const cpu = (result: ExecutorResult | undefined) => (result?.rounds ?? []).map(({ cpuUs }) => cpuUs);
  const rows = results
    .filter(({ missing }) => missing === undefined)
    .map((result) => [
      result.title,
      microseconds(median(cpu(result))),
      medianRatio(cpu(reference), cpu(result)).toFixed(2),
      microseconds(median(result.rounds.map(({ wallUs }) => wallUs))),
      (result.allocatedBytes / 1024).toFixed(0),
    ]);
  const missing = results.flatMap(({ title, missing: reason }) =>
    reason === undefined ? [] : [`- Not measured: ${title}, because ${reason}`],
  );
  const ours = results.find(({ name, missing }) => name === "ours" && missing === undefined);
  const ahead = results.filter((one) => one !== ours && medianRatio(cpu(ours), cpu(one)) > 1);
  const names = ahead.map((one) => `${one.title} (${medianRatio(cpu(ours), cpu(one)).toFixed(2)} times)`);
  const standing = ours && `Ahead of Tributary: ${names.length === 0 ? "none" : names.join(", ")}.`;
  const header = ["executor", "CPU µs", "times graphql-js", "µs by the clock", "kB allocated"];
  return [markdownTable(header, rows), missing.join("\n"), standing].filter(Boolean).join("\n\n");
}

const microseconds = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
