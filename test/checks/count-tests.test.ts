import { expect, test } from "vitest";
import { closingLine, countTests, sumOf } from "../../.ci/count-tests.ts";

const file = (status: string, ...ends: string[]) => ({
  status,
  assertionResults: ends.map((end) => ({ status: end })),
});

test("the closing line counts what passed, failed and was skipped", () => {
  const counts = countTests({
    testResults: [
      file("passed", "passed", "pending", "todo"),
      file("failed", "passed", "failed"),
      file("passed", "skipped"),
    ],
  });
  expect(closingLine(counts)).toBe("2 passed, 1 failed, 3 skipped");
});

test("a file that could not be loaded counts as a failed test", () => {
  expect(countTests({ testResults: [file("failed"), file("failed", "failed")] }).failed).toBe(2);
});

test("several runs are counted together", () => {
  const runs = [
    countTests({ testResults: [file("passed", "passed", "pending")] }),
    countTests({ testResults: [file("failed")] }),
  ];
  expect(closingLine(sumOf(runs))).toBe("1 passed, 1 failed, 1 skipped");
});
