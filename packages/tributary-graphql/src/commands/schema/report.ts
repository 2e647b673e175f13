import { pathsOfApp } from "../app-paths.ts";
import { counted, folded, plain, section } from "../markdown.ts";
import type { Base } from "./base.ts";
import { type BreakingChange, type SchemaChanges, unapprovedChanges } from "./schema-changes.ts";

/** The outcome of one comparison, for a terminal. */
export function textReport(changes: SchemaChanges, base: Base): string {
  return [
    headline(changes, base),
    ...changes.rejected.map(({ path, message }) => `\nREFUSED   ${path}: ${message}`),
    ...changes.breaking.map(breakingText),
    ...changes.dangerous.map((message) => `\nDANGEROUS ${message}`),
    ...changes.idleApprovals.map(({ message }) => `\nNote: approved, but not changed since the base: ${message}`),
    ...approvalHint(changes),
  ].join("\n");
}

/** The outcome as a part of the comment on a pull request. */
export function markdownReport(changes: SchemaChanges, base: Base): string {
  const { breaking, dangerous, safe, rejected } = changes;
  return [
    `### ${plain(headline(changes, base))}`,
    ...section(
      "Operations that the schema refuses",
      rejected.map(({ path, message }) => `${plain(path)}: ${plain(message)}`),
    ),
    ...section("Breaking", breaking.map(breakingMarkdown)),
    ...section("Dangerous: only a careless client notices", dangerous.map(plain)),
    ...folded(`${counted(safe.length, "safe change")}`, safe.map(plain)),
    ...approvalHint(changes),
    "",
  ].join("\n\n");
}

function headline(changes: SchemaChanges, { description, commit }: Base): string {
  return commit === undefined
    ? `Schema compared with nothing, ${description}: ${summary(changes)}`
    : `Schema compared with ${description} (${commit.slice(0, 8)}): ${summary(changes)}`;
}

function summary(changes: SchemaChanges): string {
  const { breaking, dangerous, safe, rejected } = changes;
  if (breaking.length + dangerous.length + safe.length + rejected.length === 0) return "no change for clients";
  const approvedCount = breaking.length - unapprovedChanges(changes).length;
  const parts = [
    ...(rejected.length > 0 ? [counted(rejected.length, "refused operation")] : []),
    `${counted(breaking.length, "breaking change")}${approvedCount > 0 ? ` (${approvedCount} approved)` : ""}`,
    `${dangerous.length} dangerous`,
    `${safe.length} safe`,
  ];
  return parts.join(", ");
}

function breakingText({ type, path, message, why, hurts, approval }: BreakingChange): string {
  const lines = [
    `${approval ? "APPROVED " : "BREAKING "} ${message}`,
    `${type} ${path}`,
    ...(why ? [why] : []),
    hurtsWords(hurts),
    ...(approval ? [`approved by ${approval.by}: ${approval.reason}`] : []),
  ];
  return `\n${lines.join("\n          ")}`;
}

function breakingMarkdown({ message, hurts, approval }: BreakingChange): string {
  const verdict = approval ? `approved by ${plain(approval.by)}: ${plain(approval.reason)}` : "**not approved**";
  return `${plain(message)}; ${plain(hurtsWords(hurts))}; ${verdict}`;
}

const hurtsWords = (hurts: readonly string[]): string =>
  hurts.length === 0 ? "hurts none of the known operations" : `hurts ${hurts.join(", ")}`;

function approvalHint(changes: SchemaChanges): string[] {
  if (unapprovedChanges(changes).length === 0) return [];
  return [
    `\nKeep what clients use (deprecate it first), or, if they can bear it, approve with\n\n    npx tributary schema approve --reason "why clients can bear it"\n\nand commit ${pathsOfApp().approvals}.`,
  ];
}
