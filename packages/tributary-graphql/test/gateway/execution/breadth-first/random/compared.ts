import type { ExecutionChoices } from "./choices.ts";
import { type Observation, operationOf, type PreparedScenario } from "./observe.ts";

/** The executions of one run: by the executor under test, by graphql-js, and by graphql-js without error propagation. */
export interface Compared {
  readonly prepared: PreparedScenario;
  readonly run: ExecutionChoices;
  readonly actual: Observation;
  readonly expected: Observation;
  /** Set when the expected result has errors: its errors and calls are all that are possible. */
  readonly unpropagated: Observation | undefined;
  /** Whether promises took the same times for both. */
  readonly hasSameTiming: boolean;
}

export function differ(what: string, actual: unknown, expected: unknown): string | undefined {
  return actual === expected ? undefined : `${what}:\n  expected ${expected}\n  came     ${actual}`;
}

export const isPropagated = ({ prepared, run }: Compared): boolean =>
  prepared.scenario.document.operations[operationOf(prepared, run)]?.keepsErrors !== true;
