import type { RunChoices } from "./choices.ts";
import { type Observation, operationOf, type Stage } from "./observe.ts";

/** The executions of one run: by the executor under test, by graphql-js, and by graphql-js with every error kept in place. */
export interface Compared {
  readonly stage: Stage;
  readonly run: RunChoices;
  readonly actual: Observation;
  readonly expected: Observation;
  /** There when the expected answer has errors: what else could have failed or been called. */
  readonly unpropagated: Observation | undefined;
  /** Whether promises took the same times for both. */
  readonly hasSameTiming: boolean;
}

export function differ(what: string, actual: unknown, expected: unknown): string | undefined {
  return actual === expected ? undefined : `${what}:\n  expected ${expected}\n  came     ${actual}`;
}

export const isPropagated = ({ stage, run }: Compared): boolean =>
  stage.situation.document.operations[operationOf(stage, run)]?.keepsErrors !== true;
