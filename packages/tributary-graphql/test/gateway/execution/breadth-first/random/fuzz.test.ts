import { execute as graphqlExecute } from "graphql";
import { expect, test } from "vitest";
import { execute } from "../under-test.ts";
import type { Checked } from "./check-scenario.ts";
import { fuzz, timeLimitMs } from "./fuzz.ts";

/**
 * To search longer: `EXECUTE_RUNS=100000 EXECUTE_SEED=42 npx vitest run packages/tributary-graphql/test/gateway/execution/breadth-first/random`.
 * A failure prints the seed and the path of the scenario that failed; given as `EXECUTE_PATH`, only that one is run.
 */
const { EXECUTE_SEED = "20261125", EXECUTE_RUNS = "3000", EXECUTE_PATH } = process.env;
const runs = Number(EXECUTE_RUNS);
const seed = Number(EXECUTE_SEED);
const timeout = timeLimitMs(runs) + 20_000;

test("for random operations the result, the calls and their `info` are those of graphql-js", { timeout }, async () => {
  const { met, failure } = await fuzz(execute, { runs, seed, path: EXECUTE_PATH });
  if (failure !== undefined) throw new Error(failure);
  if (EXECUTE_PATH) return;
  // A broken generator would otherwise prove nothing without being noticed.
  expect(met.length).toBeGreaterThan(runs * 1.5);
  expect(count(met, "data")).toBeGreaterThan(runs / 2);
  expect(count(met, "errors and data")).toBeGreaterThan(runs / 4);
  expect(count(met, "data is null")).toBeGreaterThan(runs / 10);
  expect(count(met, "refused")).toBeGreaterThan(runs / 10);
  expect(met.filter(({ isAsync }) => isAsync).length).toBeGreaterThan(runs / 4);
  expect(met.filter(({ calls }) => calls > 10).length).toBeGreaterThan(runs / 10);
});

test("the comparison accepts graphql-js itself when promises take other times", {
  timeout,
}, async () => {
  const { failure } = await fuzz(graphqlExecute, { runs: runs / 4, seed, path: EXECUTE_PATH, hasOtherTiming: true });
  expect(failure ?? "").toBe("");
});

const count = (met: readonly Checked[], kind: Checked["kind"]): number => met.filter((one) => one.kind === kind).length;
