import { expect, test } from "vitest";
import { BackOff } from "../../../src/gateway/cluster/back-off.ts";

test("the first loss is replaced at once, those after it later and later, up to 30 seconds", () => {
  const backOff = new BackOff();
  const waits = Array.from({ length: 10 }, () => backOff.delayAfter(1_000));
  expect(waits).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("a minute of service makes the next loss the first one again", () => {
  const backOff = new BackOff();
  expect([0, 59_999, 60_000, 0].map((servedMs) => backOff.delayAfter(servedMs))).toEqual([0, 500, 0, 500]);
});
