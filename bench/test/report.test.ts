import { expect, test } from "vitest";
import { describeMachine, withSection } from "../report.ts";

const order = ["first", "second", "third"];
const headings = (report: string) => report.match(/^(#|old|new|\w+ section).*$/gm);

test("withSection replaces a section, and keeps the others", () => {
  const both = withSection(withSection("# Benchmarks\n", "first", "first section", order), "second", "old", order);
  expect(headings(withSection(both, "second", "new", order))).toEqual(["# Benchmarks", "first section", "new"]);
});

test("withSection inserts a new section in the order of a full run", () => {
  const report = withSection(withSection("# Benchmarks\n", "third", "third section", order), "first", "new", order);
  expect(headings(report)).toEqual(["# Benchmarks", "new", "third section"]);
  expect(headings(withSection(report, "second", "second section", order))).toEqual([
    "# Benchmarks",
    "new",
    "second section",
    "third section",
  ]);
});

test("withSection is idempotent, and ends the report with one line break", () => {
  const once = withSection("# Benchmarks\n", "third", "text", order);
  expect(once.endsWith("third: end -->\n")).toBe(true);
  expect(withSection(once, "third", "text", order)).toBe(once);
});

test("describeMachine returns the date, and whether the machine was busy with other work", () => {
  const day = new Date("2026-11-22T12:00:00Z");
  expect(describeMachine(day, 1)).toMatch(/, 2026-11-22$/);
  expect(describeMachine(day, 1000)).toMatch(/, 2026-11-22, busy with other work \(load average 1000\)$/);
});
