import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { appPaths } from "../app-paths.ts";
import { parseJsonFile, readText } from "../json-file.ts";

const changeIdentity = { type: z.string(), path: z.string(), message: z.string() };
const approver = { reason: z.string().trim().min(1), by: z.string().trim().min(1) };
const approval = z.strictObject({ ...changeIdentity, ...approver });
const freshStart = z.strictObject({ replaced: z.string(), ...approver });
const approvalsFile = z.strictObject({ freshStart: freshStart.optional(), approved: z.array(approval) });

/** Identifies a change. The message belongs to it, because it names the old and the new type. */
export interface ChangeIdentity {
  readonly type: string;
  readonly path: string;
  readonly message: string;
}

/** The approval of one breaking change. */
export interface Approval extends ChangeIdentity {
  readonly reason: string;
  readonly by: string;
}

/** The approval of all breaking changes against one earlier schema, which has no clients. */
export interface FreshStart {
  /** The fingerprint of the earlier schema, see `fingerprintOf`. */
  readonly replaced: string;
  readonly reason: string;
  readonly by: string;
}

/** The content of the approvals file. */
export interface Approvals {
  readonly approved: readonly Approval[];
  readonly freshStart?: FreshStart | undefined;
}

/** A hash that identifies a printed schema. */
export const fingerprintOf = (printedSchema: string): string =>
  createHash("sha256").update(printedSchema).digest("hex").slice(0, 16);

/** Whether both identify the same change. */
export const isSameChange = (one: ChangeIdentity, other: ChangeIdentity): boolean =>
  one.type === other.type && one.path === other.path && one.message === other.message;

/** Parses an approvals file; undefined is an empty one. @throws CommandError for invalid content */
export function parseApprovals(text: string | undefined): Approvals {
  if (text === undefined) return { approved: [] };
  return parseJsonFile(appPaths().approvals, text, approvalsFile);
}

/** The approvals in the work tree. */
export const readApprovals = async (root: string): Promise<Approvals> =>
  parseApprovals(await readText(root, appPaths().approvals));

/** Replaces the file. Approvals are sorted by path, so that two branches rarely have a merge conflict. */
export async function writeApprovals(root: string, { freshStart, approved }: Approvals): Promise<void> {
  const sorted = approved.toSorted((one, other) => compare(sortKey(one), sortKey(other)));
  await writeFile(join(root, appPaths().approvals), `${JSON.stringify({ freshStart, approved: sorted }, null, 2)}\n`);
}

const sortKey = ({ path, type, message }: ChangeIdentity): string => `${path} ${type} ${message}`;

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
