import { appPaths } from "../app-paths.ts";
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
  /** The names of the mutations and subscriptions that were not executed, because they have no variables. */
  readonly notRun: readonly string[];
  /** The operations that were executed without an error. */
  readonly measured: readonly Measurement[];
  /** The calls of the operations that were executed without an error, by name of the operation. */
  readonly summaries: Readonly<Record<string, OperationSummary>>;
  readonly findings: readonly Finding[];
}

/** Executes each operation below `root`, and compares its calls with the record. */
export async function checkCalls(root: string, app: RunningApp, record: CallRecord): Promise<CallCheck> {
  const files = await readOperationFiles(root);
  const operations = clientOperations(files);
  const variables = await readVariables(root);
  const measured: Measurement[] = [];
  const findings: Finding[] = [];
  const notRun: string[] = [];
  for (const operation of operations) {
    // By default the check does not write, or wait for an event.
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
  findings.push(...unknownNames(operations, record, variables, files));
  const summaries = Object.fromEntries(measured.map((one) => [one.operation.name, summaryOf(one)]));
  return { operations: operations.map(({ name }) => name), notRun, measured, summaries, findings };
}

/** The calls are compared with the record only if they are valid: without errors, and without growth with the list. */
function findingsOf(measurement: Measurement, { keysPerCall, operations }: CallRecord): Finding[] {
  const found = runFindings(measurement, keysPerCall);
  return found.length > 0 ? found : recordFindings(measurement, operations[measurement.operation.name]);
}

function recordedButNotRun(operation: ClientOperation, { operations }: CallRecord): Finding[] {
  if (operations[operation.name] === undefined) return [];
  const advice = `Add variables for it to ${appPaths().variables}, or remove it from the record: npx tributary calls record`;
  return [finding(operation, "it is recorded, but has no variables to execute it with.", [advice], true)];
}

function faultOf(operation: ClientOperation, sizes: Sizes | undefined): Finding | undefined {
  const fault = variablesFault(operation, sizes);
  return fault && finding(operation, fault.sentence, fault.details);
}

/** Findings for names in the record or in the variables that are not the name of an operation. */
function unknownNames(
  operations: readonly ClientOperation[],
  record: CallRecord,
  variables: ReadonlyMap<string, Sizes>,
  files: readonly OperationFile[],
): Finding[] {
  const isUnknown = (name: string): boolean => !operations.some((operation) => operation.name === name);
  const fault = `none of the ${files.length} files in ${appPaths().operations}/ has this operation.`;
  return [
    ...Object.keys(record.operations)
      .filter(isUnknown)
      .map((name) =>
        finding({ path: appPaths().callRecord, name }, fault, ["Remove it: npx tributary calls record"], true),
      ),
    ...[...variables.keys()]
      .filter(isUnknown)
      .map((name) => finding({ path: appPaths().variables, name }, fault, ["Remove its variables from the file."])),
  ];
}
