import { expect, test } from "vitest";
import { clusterStateOf } from "../../../src/gateway/cluster/cluster-state.ts";

test.each([
  [4, 4],
  [2, 4],
  [2, 3],
  [1, 2],
])("%i of %i workers are enough", (serving, workers) => {
  expect(clusterStateOf("ready", serving, workers)).toEqual({ state: "ready", failed: {} });
});

test.each([
  [1, 4],
  [1, 3],
  [0, 2],
])("%i of %i workers are too few: the readiness check fails with that reason", (serving, workers) => {
  expect(clusterStateOf("ready", serving, workers).failed).toEqual({ workers: `${serving} of ${workers} are ready` });
});

test.each(["starting", "draining"] as const)("%s is the state, without failures, however few are ready", (state) => {
  expect(clusterStateOf(state, 0, 2)).toEqual({ state, failed: {} });
});
