/**
 * Approves the breaking changes between the base and the work tree.
 *
 *     npx tributary schema approve --reason "why no client breaks" [--path City.population]... [--by NAME] [--base REF]
 *
 * Without `--path` it approves all of them. `--by` defaults to git's `user.name`.
 *
 *     npx tributary schema approve --start-afresh --reason "nobody uses the earlier schema"
 *
 * approves with one entry all breaking changes against the base's schema, now and later, until a new schema is merged.
 */

import type { GraphQLSchema } from "graphql";
import { appRoot, loadCurrentSchema } from "../app.ts";
import { appPaths } from "../app-paths.ts";
import { CommandError } from "../command-error.ts";
import { readArguments } from "../command-line.ts";
import { git } from "../git.ts";
import { type Approval, type FreshStart, isSameChange, readApprovals, writeApprovals } from "./approvals.ts";
import { chooseBase } from "./base.ts";
import { checkSchema } from "./check-schema.ts";
import { contractAt } from "./contract.ts";
import { unapprovedChanges } from "./schema-changes.ts";

/** The options of the command. */
export interface ApprovalRequest {
  readonly reason: string;
  readonly by: string;
  /** Only the changes at these paths; empty for all. */
  readonly paths?: readonly string[];
  readonly base?: string;
}

/**
 * Writes the approvals, and removes those since the base that match no change. Fulfils with the new approvals.
 * @throws CommandError without a reason or a name, and for a path without a breaking change
 */
export async function approveChanges(
  root: string,
  schema: GraphQLSchema,
  request: ApprovalRequest,
): Promise<Approval[]> {
  const reason = required(request.reason, needsReason);
  const by = required(request.by, needsName);
  const { changes } = await checkSchema(root, schema, request.base);
  const open = unapprovedChanges(changes);
  const paths = request.paths ?? [];
  const unknown = paths.filter((path) => !open.some((change) => change.path === path));
  if (unknown.length > 0)
    throw new CommandError(`--path: there is no unapproved breaking change at ${unknown.join(", ")}.`);
  const chosen = paths.length === 0 ? open : open.filter(({ path }) => paths.includes(path));
  const added = chosen.map(({ type, path, message }) => ({ type, path, message, reason, by }));
  const { approved: existing, freshStart } = await readApprovals(root);
  const kept = existing.filter((one) => !changes.idleApprovals.some((idle) => isSameChange(one, idle)));
  if (added.length > 0 || kept.length < existing.length)
    await writeApprovals(root, { freshStart, approved: [...kept, ...added] });
  return added;
}

/**
 * Approves all breaking changes against the schema of the base, for a schema that replaces another one.
 * @throws CommandError without a reason or a name, and when the base has no schema
 */
export async function startAfresh(root: string, request: Omit<ApprovalRequest, "paths">): Promise<FreshStart> {
  const reason = required(request.reason, needsReason);
  const by = required(request.by, needsName);
  const { commit, description } = await chooseBase(root, request.base);
  const replaced = commit === undefined ? undefined : await contractAt(root, commit);
  if (replaced === undefined) throw new CommandError(`--start-afresh: the base has no schema (${description}).`);
  const freshStart = { replaced: replaced.fingerprint, reason, by };
  await writeApprovals(root, { approved: replaced.approvals, freshStart });
  return freshStart;
}

const needsReason = 'An approval needs a reason, which is kept in the file: --reason "why no client breaks"';
const needsName = 'An approval needs the name of the approver, which is kept in the file: --by "…"';

function required(value: string, message: string): string {
  const trimmed = value.trim();
  if (trimmed === "") throw new CommandError(message);
  return trimmed;
}

/** @param args the arguments after the name of the command */
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
    if (values.path) throw new CommandError("--start-afresh approves all breaking changes: remove --path.");
    await startAfresh(root, request);
    console.log(`Approved: all breaking changes against the schema of the base. Commit ${appPaths().approvals}.`);
    return true;
  }
  const added = await approveChanges(root, await loadCurrentSchema(), { ...request, paths: values.path });
  if (added.length === 0) console.log("There is no unapproved breaking change.");
  for (const { message } of added) console.log(`Approved: ${message}`);
  if (added.length > 0) console.log(`Commit ${appPaths().approvals}.`);
  return true;
}
