import { expect, test } from "vitest";
import { countTests, summaryOf, sumOf } from "../../.ci/count-tests.ts";

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
});

test("the last line has the number of passed, failed and skipped tests", () => {
  const counts = countTests({
    testResults: [
      file("passed", "passed", "pending", "todo"),
      file("failed", "passed", "failed"),
      file("passed", "skipped"),
    ],
  });
  expect(summaryOf(counts)).toBe("2 passed, 1 failed, 3 skipped");
});

test("a file that fails without a failed test counts as one failed test", () => {
  expect(countTests({ testResults: [file("failed"), file("failed", "failed")] }).failed).toBe(2);
});

test("the counts of several runs are added", () => {
  const runs = [
    countTests({ testResults: [file("passed", "passed", "pending")] }),
    countTests({ testResults: [file("failed")] }),
  ];
  expect(summaryOf(sumOf(runs))).toBe("1 passed, 1 failed, 1 skipped");
});
