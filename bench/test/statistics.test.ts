import { expect, test } from "vitest";
import { median, medianRatio } from "../statistics.ts";

test("the median is the middle, or between the two in the middle", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, Number.NaN]);
});

test("a ratio is taken round by round, so that a slow moment of the machine slows both sides of it", () => {
  expect(medianRatio([10, 1, 10], [20, 2, 20])).toBe(0.5);
});

test("rounds that only one side has do not count", () => {
  expect(medianRatio([1, 1, 900, 900, 900], [2, 2])).toBe(0.5);
});
