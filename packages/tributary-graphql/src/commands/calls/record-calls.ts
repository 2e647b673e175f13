/**
 * Runs each operation of `operations/` and records what it costs its sources, for `npx tributary calls check` to hold it to.
 *
 *     npx tributary calls record [-- --keys-per-call sun.sun=1 --reason "why the source takes no more keys in one call"]
 *
 * Calls that grow with a list are not recorded, unless their source takes only so many keys per call and somebody says so.
 */

import { appRoot } from "../app.ts";
import { pathsOfApp } from "../app-paths.ts";
import { CheckError } from "../command-error.ts";
import { readArguments } from "../command-line.ts";
import { checkCalls } from "./check.ts";
import { differencesBetween } from "./differences.ts";
import { findingText } from "./finding.ts";
import { type CallRecord, type KeyLimit, readRecord, writeRecord } from "./record.ts";
import { differenceLines } from "./report.ts";
import { type RunningApp, startApp } from "./running-app.ts";

/** A message about the recorded calls, or why there are none. */
export interface Recording {
  readonly isRecorded: boolean;
  readonly text: string;
}

/** Records what each operation below `root` costs now. Writes nothing when there is something that no record accepts. */
export async function recordCalls(
  root: string,
  app: RunningApp,
  limits: Readonly<Record<string, KeyLimit>>,
): Promise<Recording> {
  const before = await readRecord(root);
  const keysPerCall = { ...before.keysPerCall, ...limits };
  const { findings, summaries } = await checkCalls(root, app, { ...before, keysPerCall });
  const faults = findings.filter(({ isAcceptable }) => !isAcceptable);
  if (faults.length > 0) {
    return { isRecorded: false, text: [...faults.map(findingText), "Nothing was recorded."].join("\n\n") };
  }
  const record: CallRecord = { keysPerCall, operations: summaries };
  assertLimitsAreOfCalls(limits, record);
  await writeRecord(root, record);
  return { isRecorded: true, text: changeText(before, record) };
}

function changeText(before: CallRecord, record: CallRecord): string {
  const differences = differencesBetween(before.operations, record.operations);
  const lines = [
    ...differenceLines(differences).map((line, index) => (differences[index]?.kind === "new" ? `${line} (new)` : line)),
    ...Object.entries(record.keysPerCall)
      .filter(([call, { keys }]) => before.keysPerCall[call]?.keys !== keys)
      .map(
        ([call, { keys, reason }]) =>
          `  ${call} may be called once for each ${keys === 1 ? "key" : `${keys} keys`}: ${reason}`,
      ),
  ];
  if (lines.length === 0) return `No operation makes other calls than ${pathsOfApp().callRecord} has.`;
  return `Recorded in ${pathsOfApp().callRecord}; commit it:\n${lines.join("\n")}`;
}

function assertLimitsAreOfCalls(limits: Readonly<Record<string, KeyLimit>>, { operations }: CallRecord): void {
  const made = new Set(Object.values(operations).flatMap(({ calls }) => Object.keys(calls)));
  const unknown = Object.keys(limits).find((call) => !made.has(call));
  if (unknown === undefined) return;
  throw new CheckError(`--keys-per-call: no operation calls ${unknown}. They call ${[...made].sort().join(", ")}.`);
}

/** Reads `sun.sun=1`, as often as it was given. Throws {@link CheckError} on anything else, and without a reason. */
export function parseLimits(given: readonly string[], reason: string): Record<string, KeyLimit> {
  if (given.length > 0 && reason.trim() === "") {
    throw new CheckError(
      'A limit stays in the record; say why the source takes no more keys in one call: --reason "…"',
    );
  }
  return Object.fromEntries(
    given.map((text) => {
      const [, call, keys] = /^([^\s.=]+\.[^\s=]+)=([1-9]\d{0,5})$/.exec(text) ?? [];
      if (call === undefined) throw new CheckError(`--keys-per-call: expected sun.sun=1, got ${JSON.stringify(text)}.`);
      return [call, { keys: Number(keys), reason: reason.trim() }];
    }),
  );
}

/** @param args as they stand behind the command's name */
export async function command(args: readonly string[]): Promise<boolean> {
  const root = appRoot();
  const { values } = readArguments({
    args: [...args],

    options: {
      "keys-per-call": { type: "string", multiple: true, default: [] },
      reason: { type: "string", default: "" },
    },
  });
  const limits = parseLimits(values["keys-per-call"], values.reason);
  await using app = await startApp();
  const { isRecorded, text } = await recordCalls(root, app, limits);
  console.log(text);
  return isRecorded;
}
