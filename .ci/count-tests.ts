/**
 * Prints `N passed, N failed, N skipped` from the JSON reports of one or several runs of the test runner.
 * Exit code 1 if a test failed, or if a report is missing or has no passed test.
 *
 *     node .ci/count-tests.ts REPORT…
 */
import { readFileSync } from "node:fs";

/** The part of the report that is read. */
export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A file that failed without a failed test, for example with an error of an import, counts as one failed test. */
export function countTests({ testResults }: TestReport): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of testResults) {
    const statuses = assertionResults.map((test) => test.status);
    counts.passed += statuses.filter((each) => each === "passed").length;
    counts.failed += statuses.filter((each) => each === "failed").length;
    counts.skipped += statuses.filter((each) => each !== "passed" && each !== "failed").length;
    if (status === "failed" && !statuses.includes("failed")) counts.failed += 1;
  }
  return counts;
}

export const summaryOf = ({ passed, failed, skipped }: TestCounts): string =>
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
    console.error("The test runner wrote no report: it did not run, or it was killed.");
    return { testResults: [] };
  }
}

if (import.meta.main) {
  const runs = process.argv.slice(2).map((path) => countTests(readReport(path)));
  console.log(summaryOf(sumOf(runs)));
  if (runs.length === 0 || runs.some(({ failed, passed }) => failed > 0 || passed === 0)) process.exitCode = 1;
}
