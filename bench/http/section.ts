import { markdownTable } from "../report.ts";
import { median, medianRatio } from "../statistics.ts";
import type { ContenderResult, WorkloadResult } from "./measure-workload.ts";

/** The table of one workload, and below it who is missing and why. */
export function workloadTable({ contenders }: WorkloadResult): string {
  const [reference] = contenders;
  const rows = contenders.filter(({ missing }) => missing === undefined).map((one) => row(one, reference));
  const missing = contenders.flatMap(({ title, missing: reason }) =>
    reason === undefined ? [] : [`- Not measured: ${title}, because it ${reason}`],
  );
  return [markdownTable(header(reference), rows), missing.join("\n")].filter(Boolean).join("\n\n");
}

const header = (reference: ContenderResult | undefined) => [
  "server",
  "requests/s",
  `share of ${reference?.title ?? ""}`,
  "CPU µs a request",
  "share by CPU",
  "p99 ms",
  "memory MB",
  "calls upstream a request",
];

function row(one: ContenderResult, reference: ContenderResult = one): string[] {
  const values = (of: ContenderResult, key: keyof ContenderResult["rounds"][number]) =>
    of.rounds.map((round) => round[key]);
  return [
    one.title,
    median(values(one, "requestsPerSecond")).toFixed(0),
    medianRatio(values(one, "requestsPerSecond"), values(reference, "requestsPerSecond")).toFixed(2),
    median(values(one, "cpuUs")).toFixed(0),
    medianRatio(values(reference, "cpuUs"), values(one, "cpuUs")).toFixed(2),
    median(values(one, "p99Ms")).toFixed(1),
    (one.residentBytes / 2 ** 20).toFixed(0),
    median(values(one, "upstreamCalls")).toFixed(2),
  ];
}
