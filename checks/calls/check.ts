import { type OperationFile, readOperationFiles } from "../operations.ts";
import { type ClientOperation, clientOperations } from "./client-operations.ts";
import { type Finding, finding } from "./finding.ts";
import { type Measurement, measure } from "./measure.ts";
import { type CallRecord, recordPath } from "./record.ts";
import { recordFindings } from "./record-findings.ts";
import { runFindings } from "./run-findings.ts";
import type { RunningApp } from "./running-app.ts";
import { type OperationSummary, summaryOf } from "./summary.ts";
import { readVariables, type Sizes, variablesFault, variablesPath } from "./variables.ts";

/** What the check found out about all operations. */
export interface CallCheck {
  /** The names of all operations. */
  readonly operations: readonly string[];
  /** Those that could be run, each without an error. */
  readonly measured: readonly Measurement[];
  /** What those cost, by name. */
  readonly summaries: Readonly<Record<string, OperationSummary>>;
  readonly findings: readonly Finding[];
}

/** Runs each operation below `root`, and compares what it costs with the record. */
export async function checkCalls(root: string, app: RunningApp, record: CallRecord): Promise<CallCheck> {
  const files = await readOperationFiles(root);
  const operations = clientOperations(files);
  const variables = await readVariables(root);
  const measured: Measurement[] = [];
  const findings: Finding[] = [];
  for (const operation of operations) {
    const fault = faultOf(operation, variables.get(operation.name));
    if (fault) {
      findings.push(fault);
      continue;
    }
    const measurement = await measure(app, operation, variables.get(operation.name));
    const hasFailed = measurement.runs.some(({ small, large }) => small.errors.length + large.errors.length > 0);
    if (!hasFailed) measured.push(measurement);
    findings.push(...findingsOf(measurement, record));
  }
  findings.push(...leftovers(operations, record, variables, files));
  const summaries = Object.fromEntries(measured.map((one) => [one.operation.name, summaryOf(one)]));
  return { operations: operations.map(({ name }) => name), measured, summaries, findings };
}

/** While a run proves nothing, or grows with the list, what it costs is no number to compare. */
function findingsOf(measurement: Measurement, { keysPerCall, operations }: CallRecord): Finding[] {
  const found = runFindings(measurement, keysPerCall);
  return found.length > 0 ? found : recordFindings(measurement, operations[measurement.operation.name]);
}

function faultOf(operation: ClientOperation, sizes: Sizes | undefined): Finding | undefined {
  if (operation.kind === "mutation") {
    return finding(operation, "a mutation is not run: it would write to the sources.", [
      "Keep operations that write outside of operations/, or their calls in a test of their own.",
    ]);
  }
  if (operation.kind === "subscription") {
    return finding(operation, "a subscription is not run: it has no end, and so no number of calls.", [
      "Keep subscriptions outside of operations/, or the calls of one event in a test of their own.",
    ]);
  }
  const fault = variablesFault(operation, sizes);
  return fault && finding(operation, fault.sentence, fault.details);
}

/** What is recorded, or has variables, and is no operation any more. */
function leftovers(
  operations: readonly ClientOperation[],
  record: CallRecord,
  variables: ReadonlyMap<string, Sizes>,
  files: readonly OperationFile[],
): Finding[] {
  const isGone = (name: string): boolean => !operations.some((operation) => operation.name === name);
  const where = `none of the ${files.length} files in operations/ has it any more.`;
  return [
    ...Object.keys(record.operations)
      .filter(isGone)
      .map((name) => finding({ path: recordPath, name }, where, ["Take it out: npm run calls:record"], true)),
    ...[...variables.keys()]
      .filter(isGone)
      .map((name) => finding({ path: variablesPath, name }, where, ["Take its variables out of the file."])),
  ];
}
