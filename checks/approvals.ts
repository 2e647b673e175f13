import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseJsonFile, readText } from "./json-file.ts";

/** Where intended breaking changes are approved, relative to the root. Reviewed like code. */
export const approvalsPath = "schema/approved-changes.json";

const changeIdentity = { type: z.string(), path: z.string(), message: z.string() };
const approval = z.strictObject({ ...changeIdentity, reason: z.string().trim().min(1), by: z.string().trim().min(1) });
const approvalsFile = z.strictObject({ approved: z.array(approval) });

/** What makes a change this change. The message is part of it: it says from which type to which. */
export interface ChangeIdentity {
  readonly type: string;
  readonly path: string;
  readonly message: string;
}

/** Somebody's word that clients can bear one breaking change. */
export interface Approval extends ChangeIdentity {
  readonly reason: string;
  readonly by: string;
}

/** Whether both are about the same change. */
export const isSameChange = (one: ChangeIdentity, other: ChangeIdentity): boolean =>
  one.type === other.type && one.path === other.path && one.message === other.message;

/** Reads the text of an approvals file; without a file nothing is approved. Throws `CheckError` on nonsense. */
export function parseApprovals(text: string | undefined): Approval[] {
  if (text === undefined) return [];
  return parseJsonFile(approvalsPath, text, approvalsFile).approved;
}

/** The approvals in the work tree. */
export const readApprovals = async (root: string): Promise<Approval[]> =>
  parseApprovals(await readText(root, approvalsPath));

/** Replaces the file; sorted by path, so that two branches that approve different things rarely meet on one line. */
export async function writeApprovals(root: string, approvals: readonly Approval[]): Promise<void> {
  const approved = approvals.toSorted((one, other) => compare(sortKey(one), sortKey(other)));
  await writeFile(join(root, approvalsPath), `${JSON.stringify({ approved }, null, 2)}\n`);
}

const sortKey = ({ path, type, message }: ChangeIdentity): string => `${path} ${type} ${message}`;

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
