import { expect, test } from "vitest";
import { RestartBackoff } from "../../../src/gateway/cluster/restart-backoff.ts";

test("the first exit is followed by a start at once, each further one by a longer delay, up to 30 seconds", () => {
  const backoff = new RestartBackoff();
  const waits = Array.from({ length: 10 }, () => backoff.delayAfter(1_000));
  expect(waits).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("a minute of service resets the backoff", () => {
  const backoff = new RestartBackoff();
  expect([0, 59_999, 60_000, 0].map((servedMs) => backoff.delayAfter(servedMs))).toEqual([0, 500, 0, 500]);
});
