/**
 * `tributary calls record [--keys-per-call sun.sun=1 --reason TEXT]` executes each client operation and records its calls,
 * for `tributary calls check`, and writes them as budgets into the manifest of trusted documents. Calls that grow with a list are recorded only with a declared limit of keys per call.
 */

import { appRoot, loadCurrentSchema } from "../app.ts";
import { appPaths } from "../app-paths.ts";
import { generateFiles, writeStaleFiles } from "../codegen/generated-files.ts";
import { CommandError } from "../command-error.ts";
import { readArguments } from "../command-line.ts";
import { readOperationFiles } from "../operations.ts";
import { checkCalls } from "./check.ts";
import { differencesBetween } from "./differences.ts";
import { findingText } from "./finding.ts";
import { type CallRecord, type KeyLimit, readRecord, writeRecord } from "./record.ts";
import { differenceLines } from "./report.ts";
import { type RunningApp, startApp } from "./running-app.ts";

export interface Recording {
  readonly isRecorded: boolean;
  /** What has changed in the record, or why nothing was recorded. */
  readonly text: string;
}

/** Records the calls of each operation below `root`. Writes nothing if there is a finding that a record cannot accept. */
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
          `  ${call} may be called once per ${keys === 1 ? "key" : `${keys} keys`}: ${reason}`,
      ),
  ];
  if (lines.length === 0) return `${appPaths().callRecord} is up to date.`;
  return `Recorded in ${appPaths().callRecord}; commit it:\n${lines.join("\n")}`;
}

function assertLimitsAreOfCalls(limits: Readonly<Record<string, KeyLimit>>, { operations }: CallRecord): void {
  const made = new Set(Object.values(operations).flatMap(({ calls }) => Object.keys(calls)));
  const unknown = Object.keys(limits).find((call) => !made.has(call));
  if (unknown === undefined) return;
  throw new CommandError(
    `--keys-per-call: no operation makes the call ${unknown}. The calls are ${[...made].sort().join(", ")}.`,
  );
}

/**
 * Parses the values of `--keys-per-call`, such as `sun.sun=1`.
 * @throws CommandError for an invalid value, and without a reason
 */
export function parseLimits(given: readonly string[], reason: string): Record<string, KeyLimit> {
  if (given.length > 0 && reason.trim() === "") {
    throw new CommandError(
      '--keys-per-call needs a reason, which is kept in the record: --reason "why the source takes no more keys per call"',
    );
  }
  return Object.fromEntries(
    given.map((text) => {
      const [, call, keys] = /^([^\s.=]+\.[^\s=]+)=([1-9]\d{0,5})$/.exec(text) ?? [];
      if (call === undefined)
        throw new CommandError(`--keys-per-call: expected sun.sun=1, got ${JSON.stringify(text)}.`);
      return [call, { keys: Number(keys), reason: reason.trim() }];
    }),
  );
}

/** The budgets of trusted documents are what was recorded. */
async function writeBudgets(root: string): Promise<void> {
  const files = await generateFiles(await loadCurrentSchema(), await readOperationFiles(root), await readRecord(root));
  const written = await writeStaleFiles(
    root,
    files.filter(({ path }) => path === appPaths().trustedDocuments),
  );
  if (written.length > 0) console.log(`Wrote ${written.join(", ")}`);
}

/** @param args the arguments after the name of the command */
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
  if (isRecorded) await writeBudgets(root);
  return isRecorded;
}
