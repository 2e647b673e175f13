/**
 * Approves the breaking changes between the base and the work tree.
 *
 *     npx tributary schema approve --reason "why clients can bear it" [--path City.population]... [--by NAME] [--base REF]
 *
 * Without `--path` it approves all of them. `--by` defaults to git's `user.name`.
 *
 *     npx tributary schema approve --start-afresh --reason "nobody uses the earlier graph"
 *
 * approves with one entry whatever breaks against the base's schema, now and later, until the next one is merged.
 */

import type { GraphQLSchema } from "graphql";
import { appRoot, loadCurrentSchema } from "../app.ts";
import { pathsOfApp } from "../app-paths.ts";
import { CheckError } from "../command-error.ts";
import { readArguments } from "../command-line.ts";
import { git } from "../git.ts";
import { type Approval, type FreshStart, isSameChange, readApprovals, writeApprovals } from "./approvals.ts";
import { chooseBase } from "./base.ts";
import { checkSchema } from "./check-schema.ts";
import { contractAt } from "./contract.ts";
import { unapprovedChanges } from "./schema-changes.ts";

/** The approver, the changes and the reason. */
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
  const { approved: existing, freshStart } = await readApprovals(root);
  const kept = existing.filter((one) => !changes.idleApprovals.some((idle) => isSameChange(one, idle)));
  if (added.length > 0 || kept.length < existing.length)
    await writeApprovals(root, { freshStart, approved: [...kept, ...added] });
  return added;
}

/**
 * Approves whatever breaks against the schema of the base: for a graph that takes the place of another.
 *
 * @throws CheckError without a reason or a name, and where the base has no schema
 */
export async function startAfresh(root: string, request: Omit<ApprovalRequest, "paths">): Promise<FreshStart> {
  const reason = required(request.reason, 'say why clients can bear it: --reason "…"');
  const by = required(request.by, 'say who answers for it: --by "…"');
  const { commit, description } = await chooseBase(root, request.base);
  const replaced = commit === undefined ? undefined : await contractAt(root, commit);
  if (replaced === undefined) throw new CheckError(`There is no schema to start afresh from: ${description}.`);
  const freshStart = { replaced: replaced.fingerprint, reason, by };
  await writeApprovals(root, { approved: replaced.approvals, freshStart });
  return freshStart;
}

function required(value: string, advice: string): string {
  const trimmed = value.trim();
  if (trimmed === "") throw new CheckError(`An approval stays in the history; ${advice}`);
  return trimmed;
}

/** @param args as they stand behind the command's name */
export async function command(args: readonly string[]): Promise<boolean> {
  const root = appRoot();
  const { values } = readArguments({
    args: [...args],

    options: {
      reason: { type: "string", default: "" },
      by: { type: "string" },
      path: { type: "string", multiple: true },
      base: { type: "string" },
      "start-afresh": { type: "boolean", default: false },
    },
  });
  const request = {
    reason: values.reason,
    by: values.by ?? (await git(root, "config", "user.name")) ?? "",
    base: values.base ?? process.env.SCHEMA_BASE,
  };
  if (values["start-afresh"]) {
    if (values.path) throw new CheckError("--start-afresh approves everything: leave out --path.");
    await startAfresh(root, request);
    console.log(`Approved: whatever breaks against the schema of the base. Commit ${pathsOfApp().approvals}.`);
    return true;
  }
  const added = await approveChanges(root, await loadCurrentSchema(), { ...request, paths: values.path });
  if (added.length === 0) console.log("Nothing breaks that was not approved.");
  for (const { message } of added) console.log(`Approved: ${message}`);
  if (added.length > 0) console.log(`Commit ${pathsOfApp().approvals}.`);
  return true;
}
