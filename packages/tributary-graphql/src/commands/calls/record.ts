import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { pathsOfApp } from "../app-paths.ts";
import { parseJsonFile, readText } from "../json-file.ts";
import type { CallSummary, OperationSummary } from "./summary.ts";

/** Somebody's word that a source takes no more than so many keys in one call. */
export interface KeyLimit {
  readonly keys: number;
  readonly reason: string;
}

/** The content of the record. */
export interface CallRecord {
  /** The calls that may be made more often for more keys, `sun.sun`, because their source cannot take all in one. */
  readonly keysPerCall: Readonly<Record<string, KeyLimit>>;
  /** By the operation's name. */
  readonly operations: Readonly<Record<string, OperationSummary>>;
}

/** A chain as the file has it, in one line. */
const arrow = " > ";
const chain = z.strictObject({
  length: z.int().min(0),
  calls: z.string().transform((text) => (text === "" ? [] : text.split(arrow))),
});
const counts = z.record(z.string(), z.int().min(1));
const callSummary = {
  sources: counts,
  calls: counts,
  chain,
};
const keyLimit = z.strictObject({ keys: z.int().min(1), reason: z.string().trim().min(1) });
const recordFile = z.strictObject({
  keysPerCall: z.record(z.string(), keyLimit),
  operations: z.record(
    z.string(),
    z.strictObject({ ...callSummary, firstPayload: z.strictObject(callSummary).optional() }),
  ),
});

export const emptyRecord: CallRecord = { keysPerCall: {}, operations: {} };

/** Reads the text of a record; without a file nothing is recorded. Throws `CheckError` on invalid content. */
export const parseRecord = (text: string | undefined): CallRecord =>
  text === undefined ? emptyRecord : parseJsonFile(pathsOfApp().callRecord, text, recordFile);

/** The record in the work tree. */
export const readRecord = async (root: string): Promise<CallRecord> =>
  parseRecord(await readText(root, pathsOfApp().callRecord));

/** The record as text: sorted by name, one fact a line, so that a review shows what has changed and nothing else. */
export function printRecord({ keysPerCall, operations }: CallRecord): string {
  const printed = Object.entries(sortedByName(operations)).map(([name, { firstPayload, ...whole }]) => [
    name,
    { ...printedSummary(whole), ...(firstPayload && { firstPayload: printedSummary(firstPayload) }) },
  ]);
  const file = { keysPerCall: sortedByName(keysPerCall), operations: Object.fromEntries(printed) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const printedSummary = ({ sources, calls, chain }: CallSummary) => ({
  sources,
  calls,
  chain: { length: chain.length, calls: chain.calls.join(arrow) },
});

/** Replaces the file. */
export const writeRecord = (root: string, record: CallRecord): Promise<void> =>
  writeFile(join(root, pathsOfApp().callRecord), printRecord(record));

const sortedByName = <Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1)));
