/**
 * Approves the breaking changes between the base and the work tree.
 *
 *     npm run schema:approve -- --reason "why clients can bear it" [--path City.population]... [--by NAME] [--base REF]
 *
 * Without `--path` it approves all of them. `--by` defaults to git's `user.name`.
 */
import { parseArgs } from "node:util";
import type { GraphQLSchema } from "graphql";
import { type Approval, approvalsPath, isSameChange, readApprovals, writeApprovals } from "./approvals.ts";
import { CheckError, runCommand } from "./check-error.ts";
import { checkSchema } from "./check-schema.ts";
import { loadCurrentSchema, root } from "./current-schema.ts";
import { git } from "./git.ts";
import { unapprovedChanges } from "./schema-changes.ts";

/** Who approves what, and why. */
export interface ApprovalRequest {
  readonly reason: string;
  readonly by: string;
  /** Only the changes at these paths; empty for all. */
  readonly paths?: readonly string[];
  readonly base?: string;
}

/**
 * Writes the approvals and drops those since the base that approve nothing (any more); returns what was approved.
 * Throws {@link CheckError} without a reason or a name, and for a path where nothing breaks.
 */
export async function approveChanges(
  root: string,
  schema: GraphQLSchema,
  request: ApprovalRequest,
): Promise<Approval[]> {
  const reason = required(request.reason, 'say why clients can bear it: --reason "…"');
  const by = required(request.by, 'say who answers for it: --by "…"');
  const { changes } = await checkSchema(root, schema, request.base);
  const open = unapprovedChanges(changes);
  const paths = request.paths ?? [];
  const unknown = paths.filter((path) => !open.some((change) => change.path === path));
  if (unknown.length > 0) throw new CheckError(`Nothing unapproved breaks at ${unknown.join(", ")}.`);
  const chosen = paths.length === 0 ? open : open.filter(({ path }) => paths.includes(path));
  const added = chosen.map(({ type, path, message }) => ({ type, path, message, reason, by }));
  const existing = await readApprovals(root);
  const kept = existing.filter((one) => !changes.idleApprovals.some((idle) => isSameChange(one, idle)));
  if (added.length > 0 || kept.length < existing.length) await writeApprovals(root, [...kept, ...added]);
  return added;
}

function required(value: string, advice: string): string {
  const trimmed = value.trim();
  if (trimmed === "") throw new CheckError(`An approval stays in the history; ${advice}`);
  return trimmed;
}

async function command(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      reason: { type: "string", default: "" },
      by: { type: "string" },
      path: { type: "string", multiple: true },
      base: { type: "string" },
    },
  });
  const added = await approveChanges(root, await loadCurrentSchema(), {
    reason: values.reason,
    by: values.by ?? (await git(root, "config", "user.name")) ?? "",
    paths: values.path,
    base: values.base ?? process.env.SCHEMA_BASE,
  });
  if (added.length === 0) console.log("Nothing breaks that was not approved.");
  for (const { message } of added) console.log(`Approved: ${message}`);
  if (added.length > 0) console.log(`Commit ${approvalsPath}.`);
  return true;
}

if (import.meta.main) await runCommand(command);
