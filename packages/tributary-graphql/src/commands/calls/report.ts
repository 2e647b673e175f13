import { appPaths } from "../app-paths.ts";
import { pluralize } from "../markdown.ts";
import type { CallCheck } from "./check.ts";
import { type CallDifference, differencesBetween } from "./differences.ts";
import { findingText } from "./finding.ts";
import type { CallRecord } from "./record.ts";
import { listsThatDidNotGrow } from "./run-findings.ts";

/** The result of the check, for a terminal. */
export function textReport(check: CallCheck, record: CallRecord): string {
  return [
    ...check.findings.map((finding) => `${findingText(finding)}\n`),
    ...hints(check, record),
    ...unverifiedLists(check),
    ...notRunNote(check),
    conclusion(check),
  ].join("\n");
}

function conclusion({ findings, operations, summaries }: CallCheck): string {
  if (findings.length > 0)
    return `${pluralize(findings.length, "finding")} in ${pluralize(operations.length, "operation")}.`;
  const chains = Object.values(summaries).map(({ chain }) => chain.length);
  const longest = Math.max(0, ...chains);
  return `${pluralize(operations.length, "operation")}: no more calls than in ${appPaths().callRecord}, none that grow with a list. The longest chain has ${pluralize(longest, "call")}.`;
}

function notRunNote({ notRun }: CallCheck): string[] {
  if (notRun.length === 0) return [];
  return [
    `Not executed, because ${appPaths().variables} has no variables for these mutations and subscriptions: ${notRun.join(", ")}\n`,
  ];
}

/** Operations with fewer calls than recorded. Until they are recorded, the old number is still allowed. */
function hints({ summaries }: CallCheck, { operations }: CallRecord): string[] {
  const fewer = differencesBetween(operations, summaries).filter(({ kind }) => kind === "fewer");
  if (fewer.length === 0) return [];
  return [
    `Fewer calls than recorded. To record them, run npx tributary calls record:\n${differenceLines(fewer).join("\n")}\n`,
  ];
}

/** `  CityPage: database.capitals: 1 call, was 2` */
export const differenceLines = (differences: readonly CallDifference[]): string[] =>
  differences.map(({ operation, kind, lines }) => `  ${operation}: ${kind === "gone" ? "removed" : lines.join("; ")}`);

function unverifiedLists({ measured }: CallCheck): string[] {
  const lines = measured.flatMap((measurement) => {
    const lists = listsThatDidNotGrow(measurement);
    return lists.length === 0 ? [] : `  ${measurement.operation.name}: ${lists.join(", ")}`;
  });
  if (lines.length === 0) return [];
  return [
    `Lists that do not grow with the large variables, so an N+1 below them is not detected:\n${lines.join("\n")}\n`,
  ];
}
