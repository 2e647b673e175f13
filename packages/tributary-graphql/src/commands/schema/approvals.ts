import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { pathsOfApp } from "../app-paths.ts";
import { parseJsonFile, readText } from "../json-file.ts";

const changeIdentity = { type: z.string(), path: z.string(), message: z.string() };
const answeredFor = { reason: z.string().trim().min(1), by: z.string().trim().min(1) };
const approval = z.strictObject({ ...changeIdentity, ...answeredFor });
const freshStart = z.strictObject({ replaced: z.string(), ...answeredFor });
const approvalsFile = z.strictObject({ freshStart: freshStart.optional(), approved: z.array(approval) });

/** The identity of a change. The message is part of it: it says from which type to which. */
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

/** Somebody's word that nobody uses the schema before: whatever breaks against it is approved. */
export interface FreshStart {
  /** The fingerprint of the schema that is replaced, see `fingerprintOf`. */
  readonly replaced: string;
  readonly reason: string;
  readonly by: string;
}

/** The change that was approved. */
export interface Approvals {
  readonly approved: readonly Approval[];
  readonly freshStart?: FreshStart | undefined;
}

/** Tells printed schemas apart. */
export const fingerprintOf = (printedSchema: string): string =>
  createHash("sha256").update(printedSchema).digest("hex").slice(0, 16);

/** Whether both are about the same change. */
export const isSameChange = (one: ChangeIdentity, other: ChangeIdentity): boolean =>
  one.type === other.type && one.path === other.path && one.message === other.message;

/** Reads the text of an approvals file; without a file nothing is approved. Throws `CheckError` on invalid content. */
export function parseApprovals(text: string | undefined): Approvals {
  if (text === undefined) return { approved: [] };
  return parseJsonFile(pathsOfApp().approvals, text, approvalsFile);
}

/** The approvals in the work tree. */
export const readApprovals = async (root: string): Promise<Approvals> =>
  parseApprovals(await readText(root, pathsOfApp().approvals));

/** Replaces the file; sorted by path, so that two branches that approve different things rarely meet on one line. */
export async function writeApprovals(root: string, { freshStart, approved }: Approvals): Promise<void> {
  const sorted = approved.toSorted((one, other) => compare(sortKey(one), sortKey(other)));
  await writeFile(join(root, pathsOfApp().approvals), `${JSON.stringify({ freshStart, approved: sorted }, null, 2)}\n`);
}

const sortKey = ({ path, type, message }: ChangeIdentity): string => `${path} ${type} ${message}`;

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
