import { expect, test } from "vitest";
import type { ContenderResult } from "../http/measure-workload.ts";
import type { Round } from "../http/run-round.ts";
import { goalSummary, workloadTable } from "../http/section.ts";
import { workload } from "../http/workloads.ts";

const round = (requestsPerSecond: number, cpuUs: number): Round => ({
  requestsPerSecond,
  cpuUs,
  p50Ms: 1,
  p99Ms: 2,
  upstreamCalls: 2,
});

const contender = (name: string, ...rounds: Round[]): ContenderResult => ({
  name,
  title: name === "ours" ? "Tributary" : name,
  rounds,
  residentBytes: 100 * 2 ** 20,
});

const goal = { times: 0.75, of: "by-hand" };

test("the table has requests, CPU time, memory and calls of each server, and its share of the reference", () => {
  const table = workloadTable({
    workload: workload("posts"),
    contenders: [contender("by-hand", round(1000, 100)), contender("ours", round(800, 125))],
  });
  expect(table).toContain("| by-hand | 1000 | 1.00 | 100 | 1.00 | 2.0 | 100 | 2.00 |");
  expect(table).toContain("| Tributary | 800 | 0.80 | 125 | 0.80 | 2.0 | 100 | 2.00 |");
});

test("a contender that was not measured is listed with the reason, and has no row", () => {
  const missing = { ...contender("yoga"), missing: "exited: no such package" };
  const table = workloadTable({
    workload: workload("posts"),
    contenders: [contender("by-hand", round(1000, 100)), contender("ours", round(800, 125)), missing],
  });
  expect(table).toContain("- Not measured: yoga, because it exited: no such package");
  expect(table).not.toContain("| yoga |");
});

test.each([
  ["Met: 0.80 by requests, 0.80 by CPU time.", round(800, 125)],
  ["Met by CPU time only: 0.50 by requests, 0.80 by CPU time.", round(500, 125)],
  ["Missed: 0.50 by requests, 0.50 by CPU time.", round(500, 200)],
])("the summary has the result for the goal: %s", (expected, ours) => {
  expect(goalSummary([contender("by-hand", round(1000, 100)), contender("ours", ours)], goal)).toContain(expected);
});

test("the summary lists the contenders that are faster than the gateway, with their ratios", () => {
  const contenders = [
    contender("by-hand", round(1000, 100)),
    contender("ours", round(500, 200)),
    contender("slower", round(100, 1000)),
    contender("faster", round(600, 160)),
  ];
  expect(goalSummary(contenders, goal)).toContain(
    "Ahead of Tributary by CPU time: by-hand (2.00 times), faster (1.25 times).",
  );
});

test("the summary says if no contender is faster", () => {
  const contenders = [contender("by-hand", round(100, 1000)), contender("ours", round(500, 200))];
  expect(goalSummary(contenders, goal)).toContain("Ahead of Tributary by CPU time: none.");
});
