import { appPaths } from "../app-paths.ts";
import { collapsed, escapeMarkdown, pluralize, section } from "../markdown.ts";
import type { Base } from "./base.ts";
import { type BreakingChange, type SchemaChanges, unapprovedChanges } from "./schema-changes.ts";

/** The result of a comparison, for a terminal. */
export function textReport(changes: SchemaChanges, base: Base): string {
  return [
    headline(changes, base),
    ...changes.rejected.map(({ path, message }) => `\nREFUSED   ${path}: ${message}`),
    ...changes.breaking.map(breakingText),
    ...changes.dangerous.map((message) => `\nDANGEROUS ${message}`),
    ...changes.idleApprovals.map(({ message }) => `\nNote: this approval matches no change since the base: ${message}`),
    ...approvalHint(changes),
  ].join("\n");
}

/** The result as a part of the comment on a pull request. */
export function markdownReport(changes: SchemaChanges, base: Base): string {
  const { breaking, dangerous, safe, rejected } = changes;
  return [
    `### ${escapeMarkdown(headline(changes, base))}`,
    ...section(
      "Invalid operations",
      rejected.map(({ path, message }) => `${escapeMarkdown(path)}: ${escapeMarkdown(message)}`),
    ),
    ...section("Breaking", breaking.map(breakingMarkdown)),
    ...section("Dangerous: clients may have to handle new values", dangerous.map(escapeMarkdown)),
    ...collapsed(`${pluralize(safe.length, "safe change")}`, safe.map(escapeMarkdown)),
    ...approvalHint(changes),
    "",
  ].join("\n\n");
}

function headline(changes: SchemaChanges, { description, commit }: Base): string {
  return commit === undefined
    ? `Schema compared with nothing, because ${description}: ${summary(changes)}`
    : `Schema compared with ${description} (${commit.slice(0, 8)}): ${summary(changes)}`;
}

function summary(changes: SchemaChanges): string {
  const { breaking, dangerous, safe, rejected } = changes;
  if (breaking.length + dangerous.length + safe.length + rejected.length === 0) return "no change for clients";
  const approvedCount = breaking.length - unapprovedChanges(changes).length;
  const parts = [
    ...(rejected.length > 0 ? [pluralize(rejected.length, "invalid operation")] : []),
    `${pluralize(breaking.length, "breaking change")}${approvedCount > 0 ? ` (${approvedCount} approved)` : ""}`,
    `${dangerous.length} dangerous`,
    `${safe.length} safe`,
  ];
  return parts.join(", ");
}

function breakingText({ type, path, message, why, affected, approval }: BreakingChange): string {
  const lines = [
    `${approval ? "APPROVED " : "BREAKING "} ${message}`,
    `${type} ${path}`,
    ...(why ? [why] : []),
    affectedText(affected),
    ...(approval ? [`approved by ${approval.by}: ${approval.reason}`] : []),
  ];
  return `\n${lines.join("\n          ")}`;
}

function breakingMarkdown({ message, affected, approval }: BreakingChange): string {
  const verdict = approval
    ? `approved by ${escapeMarkdown(approval.by)}: ${escapeMarkdown(approval.reason)}`
    : "**not approved**";
  return `${escapeMarkdown(message)}; ${escapeMarkdown(affectedText(affected))}; ${verdict}`;
}

const affectedText = (affected: readonly string[]): string =>
  affected.length === 0 ? "affects no known operation" : `affects ${affected.join(", ")}`;

function approvalHint(changes: SchemaChanges): string[] {
  if (unapprovedChanges(changes).length === 0) return [];
  return [
    `\nKeep and deprecate the parts that clients use. If no client breaks, approve the changes with\n\n    npx tributary schema approve --reason "why no client breaks"\n\nand commit ${appPaths().approvals}.`,
  ];
}
