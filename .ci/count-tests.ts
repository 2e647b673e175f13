/**
 * Prints `N passed, N failed, N skipped` from the JSON reports of the test runner, one for each time that it ran.
 * Exit code 1 when a test failed, or when a report is missing or has no test that passed.
 *
 *     node .ci/count-tests.ts REPORT…
 */
import { readFileSync } from "node:fs";

/** What is read of the runner's report. */
export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** How many tests ended how. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A file that failed before any of its tests did, while it was loaded for instance, counts as one failed test. */
export function countTests({ testResults }: TestReport): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of testResults) {
    const ended = assertionResults.map((test) => test.status);
    counts.passed += ended.filter((end) => end === "passed").length;
    counts.failed += ended.filter((end) => end === "failed").length;
    counts.skipped += ended.filter((end) => end !== "passed" && end !== "failed").length;
    if (status === "failed" && !ended.includes("failed")) counts.failed += 1;
  }
  return counts;
}

/** The line that closes a run. */
export const closingLine = ({ passed, failed, skipped }: TestCounts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

export const sumOf = (runs: readonly TestCounts[]): TestCounts => ({
  passed: total(runs.map(({ passed }) => passed)),
  failed: total(runs.map(({ failed }) => failed)),
  skipped: total(runs.map(({ skipped }) => skipped)),
});

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function readReport(path: string | undefined): TestReport {
  try {
    return JSON.parse(readFileSync(path ?? "", "utf8"));
  } catch {
    console.error("The test runner left no report: it did not run, or not to its end.");
    return { testResults: [] };
  }
}

if (import.meta.main) {
  const runs = process.argv.slice(2).map((path) => countTests(readReport(path)));
  console.log(closingLine(sumOf(runs)));
  if (runs.length === 0 || runs.some(({ failed, passed }) => failed > 0 || passed === 0)) process.exitCode = 1;
}
