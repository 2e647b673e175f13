import { completeValue } from "./complete-value.ts";
import type { Execution } from "./execution.ts";
import type { FieldPlaces, Level } from "./places.ts";
import { emptyRow } from "./rows.ts";
import type { OtherValues } from "./selection-code.ts";
import type { FieldPlan } from "./selection-plan.ts";
import { isPromiseLike } from "./waiting.ts";

type Method = (args: object, context: unknown, info: unknown) => unknown;

/** Completes what a reader of properties finds and cannot just copy. */
export class PropertyValues implements OtherValues {
  readonly #execution: Execution;
  readonly #level: Level;
  #waiting: Set<FieldPlaces> | undefined;

  constructor(execution: Execution, level: Level) {
    this.#execution = execution;
    this.#level = level;
  }

  take(field: FieldPlan, row: number, property: unknown): boolean {
    const places = this.#level.placesOf(field);
    try {
      const value = typeof property === "function" ? this.#call(places, row) : property;
      if (isPromiseLike(value)) this.#execution.waitFor(completeValue, places, row, value, undefined);
      else completeValue(this.#execution, places, row, value);
    } catch (error) {
      return this.fail(field, row, error);
    }
    if (places.waiting) {
      this.#waiting ??= new Set();
      this.#waiting.add(places);
    }
    return this.#hasFailed(row);
  }

  fail(field: FieldPlan, row: number, error: unknown): boolean {
    this.#execution.fail(this.#level.placesOf(field), row, error);
    return this.#hasFailed(row);
  }

  /** To be called when all rows are done. */
  end(): void {
    if (this.#waiting) for (const places of this.#waiting) this.#execution.runGathered(places);
  }

  #hasFailed(row: number): boolean {
    return this.#level.failed?.has(row) ?? false;
  }

  /** A property that is a method is called, on its object, like a resolver. */
  #call(places: FieldPlaces, row: number): unknown {
    const source = this.#level.sources[row] as Readonly<Record<string, Method>>;
    const { contextValue } = this.#execution.args;
    return source[places.field.definition.name]?.(emptyRow(), contextValue, this.#execution.newInfo(places, row));
  }
}
