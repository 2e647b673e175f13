import { pathsOfApp } from "../app-paths.ts";
import { type OperationFile, readOperationFiles } from "../operations.ts";
import { type ClientOperation, clientOperations } from "./client-operations.ts";
import { type Finding, finding } from "./finding.ts";
import { type Measurement, measure } from "./measure.ts";
import type { CallRecord } from "./record.ts";
import { recordFindings } from "./record-findings.ts";
import { runFindings } from "./run-findings.ts";
import type { RunningApp } from "./running-app.ts";
import { type OperationSummary, summaryOf } from "./summary.ts";
import { readVariables, type Sizes, variablesFault } from "./variables.ts";

/** The result of the check for all operations. */
export interface CallCheck {
  /** The names of all operations. */
  readonly operations: readonly string[];
  /** The names of the mutations and subscriptions that nothing says how to run. */
  readonly notRun: readonly string[];
  /** The operations that were executed without an error. */
  readonly measured: readonly Measurement[];
  /** Their calls, by name. */
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
  const notRun: string[] = [];
  for (const operation of operations) {
    // Nobody wants a check to write, or to wait for an event, that was not asked to.
    if (operation.kind !== "query" && !variables.has(operation.name)) {
      notRun.push(operation.name);
      findings.push(...recordedButNotRun(operation, record));
      continue;
    }
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
  return { operations: operations.map(({ name }) => name), notRun, measured, summaries, findings };
}

/** While a run proves nothing, or grows with the list, what it costs is no number to compare. */
function findingsOf(measurement: Measurement, { keysPerCall, operations }: CallRecord): Finding[] {
  const found = runFindings(measurement, keysPerCall);
  return found.length > 0 ? found : recordFindings(measurement, operations[measurement.operation.name]);
}

function recordedButNotRun(operation: ClientOperation, { operations }: CallRecord): Finding[] {
  if (operations[operation.name] === undefined) return [];
  const advice = `Say in ${pathsOfApp().variables} how to run it, or take it out of the record: npx tributary calls record`;
  return [finding(operation, "it is recorded, and nothing says any more how to run it.", [advice], true)];
}

function faultOf(operation: ClientOperation, sizes: Sizes | undefined): Finding | undefined {
  const fault = variablesFault(operation, sizes);
  return fault && finding(operation, fault.sentence, fault.details);
}

/** Names in the record or in the variables that are no operations any more. */
function leftovers(
  operations: readonly ClientOperation[],
  record: CallRecord,
  variables: ReadonlyMap<string, Sizes>,
  files: readonly OperationFile[],
): Finding[] {
  const isGone = (name: string): boolean => !operations.some((operation) => operation.name === name);
  const where = `none of the ${files.length} files in ${pathsOfApp().operations}/ has it any more.`;
  return [
    ...Object.keys(record.operations)
      .filter(isGone)
      .map((name) =>
        finding({ path: pathsOfApp().callRecord, name }, where, ["Take it out: npx tributary calls record"], true),
      ),
    ...[...variables.keys()]
      .filter(isGone)
      .map((name) => finding({ path: pathsOfApp().variables, name }, where, ["Take its variables out of the file."])),
  ];
}
