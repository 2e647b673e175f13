import { counted, plain, section } from "../markdown.ts";
import type { Base } from "../schema/base.ts";
import type { CallCheck } from "./check.ts";
import { type CallDifference, differencesBetween } from "./differences.ts";
import type { CallRecord } from "./record.ts";
import { differenceLines } from "./report.ts";

/**
 * How what the operations cost differs from what the base records, recorded by now or not. An operation that could not
 * be run is left out: the check itself says so.
 */
export function baseDifferences(check: CallCheck, base: CallRecord): CallDifference[] {
  const hasFailed = (name: string): boolean => check.operations.includes(name) && !(name in check.summaries);
  const comparable = Object.entries(base.operations).filter(([name]) => !hasFailed(name));
  return differencesBetween(Object.fromEntries(comparable), check.summaries);
}

/** The differences, for a terminal. */
export const baseText = (differences: readonly CallDifference[], base: Base): string =>
  [headline(differences, base), ...differenceLines(differences)].join("\n");

/** The differences, and how many findings the check has, as a part of the comment on a pull request. */
export function baseMarkdown(differences: readonly CallDifference[], base: Base, findings: number): string {
  const of = (kind: CallDifference["kind"]): string[] =>
    differences
      .filter((one) => one.kind === kind)
      .map(({ operation, lines }) => plain(lines.length === 0 ? operation : `${operation}: ${lines.join("; ")}`));
  return [
    `### ${plain(headline(differences, base))}`,
    ...(findings > 0
      ? [`**The call contract is broken:** ${counted(findings, "finding")} in the log of the check.`]
      : []),
    ...section("More calls, or a longer chain", of("more")),
    ...section("New operations", of("new")),
    ...section("Fewer calls", of("fewer")),
    ...section("Gone", of("gone")),
    "",
  ].join("\n\n");
}

function headline(differences: readonly CallDifference[], { description, commit }: Base): string {
  return commit === undefined
    ? `Calls compared with nothing, ${description}: ${summary(differences)}`
    : `Calls compared with ${description} (${commit.slice(0, 8)}): ${summary(differences)}`;
}

function summary(differences: readonly CallDifference[]): string {
  const count = (kind: CallDifference["kind"]): number => differences.filter((one) => one.kind === kind).length;
  const parts = [
    ...(count("more") > 0 ? [`${counted(count("more"), "operation")} with more calls or a longer chain`] : []),
    ...(count("new") > 0 ? [`${count("new")} new`] : []),
    ...(count("fewer") > 0 ? [`${count("fewer")} with fewer calls`] : []),
    ...(count("gone") > 0 ? [`${count("gone")} gone`] : []),
  ];
  return parts.length === 0 ? "no operation makes other calls" : parts.join(", ");
}
