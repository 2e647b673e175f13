import { markdownTable } from "../report.ts";
import { median, medianRatio } from "../statistics.ts";
import type { ContenderResult, WorkloadResult } from "./measure-workload.ts";
import type { Goal } from "./workloads.ts";

/** The table of a workload, the contenders that were not measured, and the summary. */
export function workloadTable({ workload, contenders }: WorkloadResult, ourName = "ours"): string {
  const [reference] = contenders;
  const rows = contenders.filter(({ missing }) => missing === undefined).map((one) => row(one, reference));
  const missing = contenders.flatMap(({ title, missing: reason }) =>
    reason === undefined ? [] : [`- Not measured: ${title}, because it ${reason}`],
  );
  return [markdownTable(header(reference), rows), missing.join("\n"), goalSummary(contenders, workload.goal, ourName)]
    .filter(Boolean)
    .join("\n\n");
}

/** Whether the goal is met, and which contenders are faster. */
export function goalSummary(contenders: readonly ContenderResult[], { times, of }: Goal, ourName = "ours"): string {
  const ours = contenders.find(({ name }) => name === ourName);
  const other = contenders.find(({ name }) => name === of);
  if (ours === undefined || other === undefined || ours.rounds.length === 0 || other.rounds.length === 0) return "";
  const [byRate, byCpu] = [rateRatio(ours, other), cpuRatio(ours, other)];
  const isMet = byRate >= times ? "met" : byCpu >= times ? "met by CPU time only" : "missed";
  const ahead = contenders
    .filter((one) => one !== ours && one.rounds.length > 0 && cpuRatio(one, ours) > 1)
    .map((one) => `${one.title} (${cpuRatio(one, ours).toFixed(2)} times)`);
  return `Goal: ${times} times ${other.title}. ${isMet[0]?.toUpperCase()}${isMet.slice(1)}: ${byRate.toFixed(2)} by requests, ${byCpu.toFixed(2)} by CPU time.
Ahead of Tributary by CPU time: ${ahead.length === 0 ? "none" : ahead.join(", ")}.`;
}

const header = (reference: ContenderResult | undefined) => [
  "server",
  "requests/s",
  `share of ${reference?.title ?? ""}`,
  "CPU µs per request",
  "share by CPU",
  "p99 ms",
  "memory MB",
  "calls upstream per request",
];

function row(one: ContenderResult, reference: ContenderResult = one): string[] {
  return [
    one.title,
    median(values(one, "requestsPerSecond")).toFixed(0),
    rateRatio(one, reference).toFixed(2),
    median(values(one, "cpuUs")).toFixed(0),
    cpuRatio(one, reference).toFixed(2),
    median(values(one, "p99Ms")).toFixed(1),
    (one.residentBytes / 2 ** 20).toFixed(0),
    median(values(one, "upstreamCalls")).toFixed(2),
  ];
}

const values = ({ rounds }: ContenderResult, key: keyof ContenderResult["rounds"][number]): number[] =>
  rounds.map((round) => round[key]);

/** The throughput of `one` relative to `other`. */
const rateRatio = (one: ContenderResult, other: ContenderResult): number =>
  medianRatio(values(one, "requestsPerSecond"), values(other, "requestsPerSecond"));

/** The throughput per CPU time of `one` relative to `other`. */
const cpuRatio = (one: ContenderResult, other: ContenderResult): number =>
  medianRatio(values(other, "cpuUs"), values(one, "cpuUs"));
