import type { ArgumentCopies } from "./arguments-plan.ts";
import { completeValue } from "./complete-value.ts";
import type { Execution } from "./execution.ts";
import { observedParameters } from "./observed-parameters.ts";
import type { FieldPlaces, Level } from "./places.ts";
import { PropertyValues } from "./property-values.ts";
import { resolveProperty } from "./resolve-property.ts";
import { isPromiseLike } from "./waiting.ts";

/**
 * Runs a selection set for all objects of a level: field by field, each for all objects, and below each field the levels
 * of the objects that it gave.
 */
export function runLevel(execution: Execution, level: Level): void {
  const { plan } = level;
  plan.prepare(level.rows.length);
  for (let number = 0; number < plan.steps.length; number++) runStep(execution, level, number);
}

/** Runs one step of it. */
export function runStep(execution: Execution, level: Level, number: number): void {
  const { steps, code } = level.plan;
  const step = steps[number];
  if (step === undefined) return;
  if ("properties" in step) {
    const others = new PropertyValues(execution, level);
    code.readers[number]?.(level, others);
    others.end();
  } else {
    const places = level.placesOf(step.field);
    runField(execution, level, places);
    execution.runGathered(places);
  }
}

function runField(execution: Execution, level: Level, places: FieldPlaces): void {
  const { sources } = level;
  const { args } = execution;
  const { field } = places;
  const resolve = field.resolve ?? execution.fieldResolver;
  const seen = resolve ? observedParameters(resolve) : 0;
  let copies: ArgumentCopies | undefined;
  for (let row = 0; row < sources.length; row++) {
    if (level.failed?.has(row)) continue;
    if (execution.isStopped) {
      execution.fail(places, row, new Error("Aborted!"), sources[row]);
      continue;
    }
    let value: unknown;
    let isPromise: boolean;
    try {
      copies ??= field.arguments.coerce(args);
      value = resolve
        ? resolve(
            sources[row],
            seen > 1 ? copies.next() : unseen,
            args.contextValue,
            seen > 3 ? execution.newInfo(places, row) : unseen,
          )
        : resolveProperty(execution, places, row, copies);
      isPromise = isPromiseLike(value);
    } catch (error) {
      execution.fail(places, row, error);
      continue;
    }
    if (isPromise) execution.waitFor(completeValue, places, row, value as PromiseLike<unknown>, undefined);
    else completeValue(execution, places, row, value);
  }
}

/** In place of what a resolver cannot see. */
const unseen = undefined as never;
