import { pathsOfApp } from "../app-paths.ts";
import { counted } from "../markdown.ts";
import type { CallCheck } from "./check.ts";
import { type CallDifference, differencesBetween } from "./differences.ts";
import { findingText } from "./finding.ts";
import type { CallRecord } from "./record.ts";
import { listsThatDidNotGrow } from "./run-findings.ts";

/** The outcome of the check, for a terminal. */
export function textReport(check: CallCheck, record: CallRecord): string {
  return [
    ...check.findings.map((finding) => `${findingText(finding)}\n`),
    ...hints(check, record),
    ...blindSpots(check),
    ...notRunNote(check),
    conclusion(check),
  ].join("\n");
}

function conclusion({ findings, operations, summaries }: CallCheck): string {
  if (findings.length > 0)
    return `${counted(findings.length, "finding")} in ${counted(operations.length, "operation")}.`;
  const chains = Object.values(summaries).map(({ chain }) => chain.length);
  const longest = Math.max(0, ...chains);
  return `${counted(operations.length, "operation")}: no more calls than ${pathsOfApp().callRecord} has, none that grow with a list; the longest chain is ${longest}.`;
}

function notRunNote({ notRun }: CallCheck): string[] {
  if (notRun.length === 0) return [];
  return [
    `Mutations and subscriptions that are not run, because ${pathsOfApp().variables} has none of them: ${notRun.join(", ")}\n`,
  ];
}

/** A record that promises less than what holds: nothing would stop the calls from coming back. */
function hints({ summaries }: CallCheck, { operations }: CallRecord): string[] {
  const fewer = differencesBetween(operations, summaries).filter(({ kind }) => kind === "fewer");
  if (fewer.length === 0) return [];
  return [
    `Fewer calls than recorded; keep it so with npx tributary calls record:\n${differenceLines(fewer).join("\n")}\n`,
  ];
}

/** `  CityPage: database.capitals: 1 call, was 2` */
export const differenceLines = (differences: readonly CallDifference[]): string[] =>
  differences.map(({ operation, kind, lines }) => `  ${operation}: ${kind === "gone" ? "gone" : lines.join("; ")}`);

function blindSpots({ measured }: CallCheck): string[] {
  const lines = measured.flatMap((measurement) => {
    const still = listsThatDidNotGrow(measurement);
    return still.length === 0 ? [] : `  ${measurement.operation.name}: ${still.join(", ")}`;
  });
  if (lines.length === 0) return [];
  return [
    `Lists that are no longer in the large run, so that an N+1 below them would go unseen:\n${lines.join("\n")}\n`,
  ];
}
