import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { appPaths } from "../app-paths.ts";
import { parseJsonFile, readText } from "../json-file.ts";
import type { CallSummary, OperationSummary } from "./summary.ts";

/** A declared limit of a source. */
export interface KeyLimit {
  /** The maximum number of keys per call. */
  readonly keys: number;
  /** Why the source has the limit. */
  readonly reason: string;
}
/** The content of the record. */
export interface CallRecord {
  /** By name of the call, `sun.sun`: calls that may be made more often for more keys. */
  readonly keysPerCall: Readonly<Record<string, KeyLimit>>;
  /** By name of the operation. */
  readonly operations: Readonly<Record<string, OperationSummary>>;
}

/** The separator of the calls of a chain, which the file has in one line. */
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

/** Parses a record; undefined is an empty one. @throws CommandError for invalid content */
export const parseRecord = (text: string | undefined): CallRecord =>
  text === undefined ? emptyRecord : parseJsonFile(appPaths().callRecord, text, recordFile);

/** The record in the work tree. */
export const readRecord = async (root: string): Promise<CallRecord> =>
  parseRecord(await readText(root, appPaths().callRecord));

/** The record as text: sorted by name, with one fact per line, so that a diff shows only what has changed. */
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
  writeFile(join(root, appPaths().callRecord), printRecord(record));

const sortedByName = <Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1)));
