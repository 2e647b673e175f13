import { noArguments } from "./arguments-plan.ts";
import { completeValue } from "./complete-value.ts";
import type { Execution } from "./execution.ts";
import { isPromiseLike } from "./is-promise-like.ts";
import { callMethod } from "./resolve-property.ts";
import type { FieldPositions, Level } from "./response-positions.ts";
import type { PropertyCompleter } from "./selection-code.ts";
import type { FieldPlan } from "./selection-plan.ts";

/** Completes the properties of one step in one level. */
export class LevelPropertyCompleter implements PropertyCompleter<FieldPlan> {
  readonly #execution: Execution;
  readonly #level: Level;
  readonly #fields: readonly FieldPlan[];
  #pending: Set<FieldPositions> | undefined;

  constructor(execution: Execution, level: Level, fields: readonly FieldPlan[]) {
    this.#execution = execution;
    this.#level = level;
    this.#fields = fields;
  }

  complete(field: FieldPlan, row: number, property: unknown): boolean {
    const positions = this.#level.positionsOf(field);
    try {
      const value =
        typeof property === "function" ? callMethod(this.#execution, positions, row, noArguments) : property;
      if (isPromiseLike(value)) this.#execution.waitFor(completeValue, positions, row, value, undefined);
      else completeValue(this.#execution, positions, row, value);
    } catch (error) {
      return this.fail(field, row, error);
    }
    if (positions.pending) {
      this.#pending ??= new Set();
      this.#pending.add(positions);
    }
    return this.#hasFailed(row);
  }

  fail(field: FieldPlan, row: number, error: unknown): boolean {
    this.#execution.fail(this.#level.positionsOf(field), row, error);
    return this.#hasFailed(row);
  }

  countCharacters(characters: number, row: number): void {
    const [first] = this.#fields;
    try {
      this.#execution.size?.add(0, characters);
    } catch (error) {
      if (first) this.fail(first, row, error);
    }
  }

  /** To be called when all rows are done. Properties are leaves: they may be pending, but have no levels below them. */
  end(): void {
    if (this.#pending) for (const positions of this.#pending) this.#execution.awaitPending(positions);
  }

  #hasFailed(row: number): boolean {
    return this.#level.failed?.has(row) ?? false;
  }
}
