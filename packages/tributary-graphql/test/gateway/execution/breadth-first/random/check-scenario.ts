import { execute as graphqlExecute, MaxIntrospectionDepthRule, specifiedRules, validate } from "graphql";
import type { ExecutionChoices, Scenario } from "./choices.ts";
import { compare } from "./compare.ts";
import { type Execute, observe, type PreparedScenario, prepareScenario } from "./observe.ts";

/** Two executions that differ, with all that is needed to reproduce it. */
export class DifferentResult extends Error {
  override readonly name = "DifferentResult";
}

/** The outcome of one run, counted to check that all kinds occur. */
export interface Checked {
  readonly kind: "data" | "errors and data" | "data is null" | "refused";
  readonly isAsync: boolean;
  readonly calls: number;
}

/**
 * Executes each run of a scenario with graphql-js and with the executor under test, and compares.
 *
 * @param latencySeed how long the promises take for the executor under test
 * @throws DifferentResult
 */
export async function checkScenario(execute: Execute, scenario: Scenario, latencySeed: number): Promise<Checked[]> {
  const prepared = prepareScenario(scenario);
  assertValid(prepared);
  const checked: Checked[] = [];
  for (const run of scenario.runs) checked.push(await checkRun(execute, prepared, run, latencySeed));
  return checked;
}

async function checkRun(
  execute: Execute,
  prepared: PreparedScenario,
  run: ExecutionChoices,
  latencySeed: number,
): Promise<Checked> {
  const expected = await observe(graphqlExecute, prepared, run);
  const actual = await observe(execute, prepared, run, { latencySeed });
  const { errors = [], data } = expected.result ?? {};
  const hasErrors = errors.length > 0 && data !== undefined;
  const unpropagated = hasErrors ? await observe(graphqlExecute, prepared, run, { isUnpropagated: true }) : undefined;
  const differences = compare({
    prepared,
    run,
    actual,
    expected,
    unpropagated,
    hasSameTiming: latencySeed === prepared.scenario.latencySeed,
  });
  if (differences.length > 0) {
    throw new DifferentResult(`${differences.join("\n")}\n${prepared.written.text}\nrun ${JSON.stringify(run)}`);
  }
  const kind = data === undefined ? "refused" : data === null ? "data is null" : hasErrors ? "errors and data" : "data";
  return { kind, isAsync: expected.isPromise, calls: expected.app.recorder.calls.length };
}

/** Deep introspection is forbidden for what it costs. */
const rules = specifiedRules.filter((rule) => rule !== MaxIntrospectionDepthRule);

/**
 * An invalid operation would only test how an executor handles invalid input. Only a subscription may have one field
 * at its root, and none of introspection; `execute` takes it like any other operation.
 */
function assertValid({ schema, document, written, scenario }: PreparedScenario): void {
  const { brokenPercent, operations } = scenario.document;
  if (brokenPercent > 0 || operations.some(({ kind, keepsErrors }) => keepsErrors || kind === "subscription")) return;
  const [error] = validate(schema, document, rules);
  if (error) throw new Error(`The operation is not valid: ${error}\n${written.text}`);
}
