import { expect, test } from "vitest";
import type { PageResult } from "../asynchrony/measure-asynchrony.ts";
import { plotAsynchrony } from "../asynchrony/plot.ts";

const waits = (...waitsMs: number[]) =>
  waitsMs.map((waitMs, index) => ({ latencyMs: index * 50, waitMs, requestsPerSecond: 1, callsPerRequest: 1 }));

const results: PageResult[] = [
  {
    page: "posts",
    contenders: [
      { name: "ours", title: "Tributary", latencies: waits(2, 100) },
      { name: "flask", title: "Flask & friends", latencies: waits(5, 500) },
      { name: "gone", title: "Gone", latencies: [], missing: "needs Python" },
    ],
  },
];

const lengthsIn = (svg: string) =>
  [...svg.matchAll(/rect class="bar\d" .*?width="([\d.]+)" height="9"/g)].map(([, width]) => Number(width));

test("the lengths of bars are proportional to the latencies, with the longest bar at full width", () => {
  const bars = lengthsIn(plotAsynchrony(results)).slice(2);
  expect(bars).toEqual([2, 100, 5, 500].map((ms) => expect.closeTo((ms / 500) * 500, 0)));
});

test("the plot escapes names, and omits contenders that were not measured", () => {
  const svg = plotAsynchrony(results);
  expect(svg).toContain("Flask &amp; friends");
  expect(svg).not.toContain("Gone");
});

test("the plot has colors for dark mode", () => {
  expect(plotAsynchrony(results)).toContain("@media (prefers-color-scheme: dark)");
});
