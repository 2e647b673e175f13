import { expect, test } from "vitest";
import { median, medianRatio } from "../statistics.ts";

test("the median is the middle value, or the mean of the two middle values", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, Number.NaN]);
});

test("medianRatio is the median of the ratios per round", () => {
  expect(medianRatio([10, 1, 10], [20, 2, 20])).toBe(0.5);
});

test("medianRatio ignores rounds of only one contender", () => {
  expect(medianRatio([1, 1, 900, 900, 900], [2, 2])).toBe(0.5);
});
