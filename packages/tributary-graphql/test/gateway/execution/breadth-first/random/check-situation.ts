import { execute as graphqlExecute, MaxIntrospectionDepthRule, specifiedRules, validate } from "graphql";
import type { RunChoices, Situation } from "./choices.ts";
import { compare } from "./compare.ts";
import { type Execute, observe, type Stage, setStage } from "./observe.ts";

/** Two executions that are not alike, with all that is needed to understand why. */
export class UnlikeAnswer extends Error {
  override readonly name = "UnlikeAnswer";
}

/** What came of one run, for what all of them together must have met. */
export interface Checked {
  readonly kind: "data" | "errors and data" | "data is null" | "refused";
  readonly isAsync: boolean;
  readonly calls: number;
}

/**
 * Executes each run of a situation with graphql-js and with the executor under test, and compares.
 *
 * @param latencySeed how long the promises take for the executor under test
 * @throws UnlikeAnswer
 */
export async function checkSituation(execute: Execute, situation: Situation, latencySeed: number): Promise<Checked[]> {
  const stage = setStage(situation);
  assertValid(stage);
  const checked: Checked[] = [];
  for (const run of situation.runs) checked.push(await checkRun(execute, stage, run, latencySeed));
  return checked;
}

async function checkRun(execute: Execute, stage: Stage, run: RunChoices, latencySeed: number): Promise<Checked> {
  const expected = await observe(graphqlExecute, stage, run);
  const actual = await observe(execute, stage, run, { latencySeed });
  const { errors = [], data } = expected.result ?? {};
  const hasErrors = errors.length > 0 && data !== undefined;
  const unpropagated = hasErrors ? await observe(graphqlExecute, stage, run, { isUnpropagated: true }) : undefined;
  const differences = compare({
    stage,
    run,
    actual,
    expected,
    unpropagated,
    hasSameTiming: latencySeed === stage.situation.latencySeed,
  });
  if (differences.length > 0) {
    throw new UnlikeAnswer(`${differences.join("\n")}\n${stage.written.text}\nrun ${JSON.stringify(run)}`);
  }
  const kind = data === undefined ? "refused" : data === null ? "data is null" : hasErrors ? "errors and data" : "data";
  return { kind, isAsync: expected.isPromise, calls: expected.world.recorder.calls.length };
}

/** Deep introspection is forbidden for what it costs. */
const rules = specifiedRules.filter((rule) => rule !== MaxIntrospectionDepthRule);

/**
 * An invalid operation would show nothing but what an executor does with nonsense. Only a subscription may have one field
 * at its root, and none of introspection; `execute` takes it like any other operation.
 */
function assertValid({ schema, document, written, situation }: Stage): void {
  const { brokenPercent, operations } = situation.document;
  if (brokenPercent > 0 || operations.some(({ kind, keepsErrors }) => keepsErrors || kind === "subscription")) return;
  const [error] = validate(schema, document, rules);
  if (error) throw new Error(`The operation is not valid: ${error}\n${written.text}`);
}
