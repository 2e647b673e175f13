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

test("bars are as long as the waits, the longest over the whole width", () => {
  const bars = lengthsIn(plotAsynchrony(results)).slice(2);
  expect(bars).toEqual([2, 100, 5, 500].map((ms) => expect.closeTo((ms / 500) * 500, 0)));
});

test("names stand as text, and who was not measured is left out", () => {
  const svg = plotAsynchrony(results);
  expect(svg).toContain("Flask &amp; friends");
  expect(svg).not.toContain("Gone");
});

test("it reads on dark ground too", () => {
  expect(plotAsynchrony(results)).toContain("@media (prefers-color-scheme: dark)");
});
