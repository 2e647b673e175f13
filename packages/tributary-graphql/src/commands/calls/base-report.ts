import { escapeMarkdown, pluralize, section } from "../markdown.ts";
import type { Base } from "../schema/base.ts";
import type { CallCheck } from "./check.ts";
import { type CallDifference, differencesBetween } from "./differences.ts";
import type { CallRecord } from "./record.ts";
import { differenceLines } from "./report.ts";

/**
 * How the calls of the operations differ from those that the base records. Skips operations that could not be executed,
 * which the check reports.
 */
export function baseDifferences(check: CallCheck, base: CallRecord): CallDifference[] {
  const hasFailed = (name: string): boolean => check.operations.includes(name) && !(name in check.summaries);
  const comparable = Object.entries(base.operations).filter(([name]) => !hasFailed(name));
  return differencesBetween(Object.fromEntries(comparable), check.summaries);
}

/** The differences, for a terminal. */
export const baseText = (differences: readonly CallDifference[], base: Base): string =>
  [headline(differences, base), ...differenceLines(differences)].join("\n");

/** The differences, and the number of findings of the check, as a part of the comment on a pull request. */
export function baseMarkdown(differences: readonly CallDifference[], base: Base, findings: number): string {
  const of = (kind: CallDifference["kind"]): string[] =>
    differences
      .filter((one) => one.kind === kind)
      .map(({ operation, lines }) =>
        escapeMarkdown(lines.length === 0 ? operation : `${operation}: ${lines.join("; ")}`),
      );
  return [
    `### ${escapeMarkdown(headline(differences, base))}`,
    ...(findings > 0
      ? [`**The call contract is broken:** ${pluralize(findings, "finding")} in the log of the check.`]
      : []),
    ...section("More calls, or a longer chain", of("more")),
    ...section("New operations", of("new")),
    ...section("Fewer calls", of("fewer")),
    ...section("Removed operations", of("gone")),
    "",
  ].join("\n\n");
}

function headline(differences: readonly CallDifference[], { description, commit }: Base): string {
  return commit === undefined
    ? `Calls compared with nothing, because ${description}: ${summary(differences)}`
    : `Calls compared with ${description} (${commit.slice(0, 8)}): ${summary(differences)}`;
}

function summary(differences: readonly CallDifference[]): string {
  const count = (kind: CallDifference["kind"]): number => differences.filter((one) => one.kind === kind).length;
  const parts = [
    ...(count("more") > 0 ? [`${pluralize(count("more"), "operation")} with more calls or a longer chain`] : []),
    ...(count("new") > 0 ? [`${count("new")} new`] : []),
    ...(count("fewer") > 0 ? [`${count("fewer")} with fewer calls`] : []),
    ...(count("gone") > 0 ? [`${count("gone")} removed`] : []),
  ];
  return parts.length === 0 ? "no change" : parts.join(", ");
}
