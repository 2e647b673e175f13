import { expect, test } from "vitest";
import { describeMachine, withSection } from "../report.ts";

const order = ["first", "second", "third"];
const headings = (report: string) => report.match(/^(#|old|new|\w+ section).*$/gm);

test("a run of some sections replaces those and keeps the others", () => {
  const both = withSection(withSection("# Benchmarks\n", "first", "first section", order), "second", "old", order);
  expect(headings(withSection(both, "second", "new", order))).toEqual(["# Benchmarks", "first section", "new"]);
});

test("a section that is new stands before the first that follows it in a full run", () => {
  const report = withSection(withSection("# Benchmarks\n", "third", "third section", order), "first", "new", order);
  expect(headings(report)).toEqual(["# Benchmarks", "new", "third section"]);
  expect(headings(withSection(report, "second", "second section", order))).toEqual([
    "# Benchmarks",
    "new",
    "second section",
    "third section",
  ]);
});

test("the last section ends with one line break, however often it is written", () => {
  const once = withSection("# Benchmarks\n", "third", "text", order);
  expect(once.endsWith("third: end -->\n")).toBe(true);
  expect(withSection(once, "third", "text", order)).toBe(once);
});

test("a section says when it was measured, and when the machine had other work to do", () => {
  const day = new Date("2026-11-22T12:00:00Z");
  expect(describeMachine(day, 1)).toMatch(/, 2026-11-22$/);
  expect(describeMachine(day, 1000)).toMatch(/, 2026-11-22, busy with other work \(load average 1000\)$/);
});
