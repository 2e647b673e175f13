import type { ArgumentCopies } from "./arguments-plan.ts";
import { completeValue } from "./complete-value.ts";
import type { Execution } from "./execution.ts";
import { isPromiseLike } from "./is-promise-like.ts";
import { LevelPropertyCompleter } from "./property-completer.ts";
import { resolveProperty } from "./resolve-property.ts";
import type { FieldPositions, Level } from "./response-positions.ts";
import type { SelectionCode } from "./selection-code.ts";
import type { FieldPlan } from "./selection-plan.ts";
import type { Step } from "./step.ts";
import { areResolversTraced, type Resolver, traced } from "./traced-resolver.ts";
import { usedParameters } from "./used-parameters.ts";
import { unitsPerCall, unitsPerCheck, type Work } from "./work.ts";

/**
 * Executes a selection set for all objects of a level: field by field, each for all objects. The levels below a field are
 * executed before the next field.
 */
export class LevelExecution implements Work<Execution> {
  readonly #level: Level;
  readonly #steps: readonly Step<FieldPlan>[];
  readonly #code: SelectionCode<FieldPlan>;
  readonly #end: number;
  readonly #isTraced: boolean;
  #number: number;
  /** The next row of the current step. */
  #row = 0;
  #completer: LevelPropertyCompleter | undefined;
  #copies: ArgumentCopies | undefined;
  /** How many resolvers are called between two checks of the clock. Grows while one field does not exceed its time. */
  #callsPerCheck = fewestCalls;

  /** @param from the first step; `end`, the one after the last */
  constructor(level: Level, from = 0, end?: number) {
    const { plan } = level;
    plan.prepare(level.rows.length);
    this.#level = level;
    this.#code = plan.code;
    this.#isTraced = areResolversTraced();
    if (this.#isTraced) {
      this.#steps = plan.steps.slice(from, end).flatMap(fieldByField);
      this.#number = 0;
      this.#end = this.#steps.length;
      return;
    }
    // The plan may get other steps during a pause, when a tool adds a resolver to the schema.
    this.#steps = plan.steps;
    this.#number = from;
    this.#end = end ?? plan.steps.length;
  }

  advance(execution: Execution): boolean {
    while (this.#number < this.#end) {
      const step = this.#steps[this.#number] as Step<FieldPlan>;
      const hasPushed =
        "properties" in step
          ? this.#readProperties(execution, step.properties)
          : this.#executeField(execution, step.field);
      // The levels below a field come before the next field.
      if (hasPushed || execution.isTimeUp(0)) return false;
    }
    return true;
  }

  handleRejections({ rejectionHandlers }: Execution): void {
    this.#level.handleRejections(rejectionHandlers);
  }

  #readProperties(execution: Execution, fields: readonly FieldPlan[]): boolean {
    const { sources } = this.#level;
    this.#completer ??= new LevelPropertyCompleter(execution, this.#level, fields);
    const read = this.#code.readers[this.#number];
    while (this.#row < sources.length) {
      const end = Math.min(sources.length, this.#row + unitsPerCheck);
      read?.(this.#level, this.#completer, this.#row, end);
      const rows = end - this.#row;
      this.#row = end;
      if (execution.isTimeUp(rows) && end < sources.length) return false;
    }
    this.#completer.end();
    this.#endStep();
    return false;
  }

  /** Returns whether it has pushed work. */
  #executeField(execution: Execution, field: FieldPlan): boolean {
    const level = this.#level;
    const { sources } = level;
    const { args } = execution;
    const positions = level.positionsOf(field);
    const resolve = this.#resolverOf(execution, field);
    const used = resolve ? usedParameters(resolve) : 0;
    let copies = this.#copies;
    let row = this.#row;
    while (row < sources.length) {
      const first = row;
      const end = Math.min(sources.length, first + this.#callsPerCheck);
      for (; row < end; row++) {
        if (level.failed?.has(row)) continue;
        const { stopReason } = execution;
        if (stopReason !== undefined) {
          execution.fail(positions, row, stopReason, sources[row]);
          continue;
        }
        let value: unknown;
        let isPromise: boolean;
        try {
          copies ??= field.arguments.coerce(args);
          value = resolve
            ? resolve(
                sources[row],
                used > 1 ? copies.next() : unused,
                args.contextValue,
                used > 3 ? execution.newInfo(positions, row) : unused,
              )
            : resolveProperty(execution, positions, row, copies);
          isPromise = isPromiseLike(value);
        } catch (error) {
          execution.fail(positions, row, error);
          continue;
        }
        if (isPromise) execution.waitFor(completeValue, positions, row, value as PromiseLike<unknown>, undefined);
        else completeValue(execution, positions, row, value);
        if (execution.hasNoTime) {
          row++;
          break;
        }
      }
      if (execution.isTimeUp((row - first) * unitsPerCall)) {
        this.#row = row;
        this.#copies = copies;
        this.#callsPerCheck = fewestCalls;
        return false;
      }
      this.#callsPerCheck = Math.min(this.#callsPerCheck * 2, mostCalls);
    }
    this.#endStep();
    return pushGathered(execution, positions);
  }

  /** Undefined for a property that is read without a call. */
  #resolverOf({ args, fieldResolver }: Execution, { resolve }: FieldPlan): Resolver | undefined {
    if (this.#isTraced) return traced(resolve ?? args.fieldResolver, resolve === undefined);
    return resolve ?? fieldResolver;
  }

  #endStep(): void {
    this.#number++;
    this.#row = 0;
    this.#completer = undefined;
    this.#copies = undefined;
    this.#callsPerCheck = fewestCalls;
  }
}

const fewestCalls = unitsPerCheck / unitsPerCall;
const mostCalls = 4 * fewestCalls;

const fieldByField = (step: Step<FieldPlan>): Step<FieldPlan>[] =>
  "field" in step ? [step] : step.properties.map((field) => ({ field }));

/** In place of an argument that the resolver cannot read. */
const unused = undefined as never;

/** Pushes the levels below a field, and its pending values. Returns whether there are any. */
function pushGathered(execution: Execution, positions: FieldPositions): boolean {
  const { children, pending } = positions;
  const [only] = children ?? [];
  if (only !== undefined && children?.length === 1 && pending === undefined) {
    positions.children = undefined;
    execution.push(new LevelExecution(only));
    return true;
  }
  if (children === undefined && pending === undefined) return false;
  execution.push(new GatheredLevels(positions));
  return true;
}

/** Executes the levels below a field, and then begins to wait for its pending values. */
export class GatheredLevels implements Work<Execution> {
  readonly #positions: FieldPositions;
  #children: readonly Level[] | undefined;
  #next = 0;
  #hasBegun = false;

  constructor(positions: FieldPositions) {
    this.#positions = positions;
  }

  advance(execution: Execution): boolean {
    if (!this.#hasBegun) this.#begin();
    const child = this.#children?.[this.#next++];
    if (child !== undefined) {
      execution.push(new LevelExecution(child));
      return false;
    }
    execution.awaitPending(this.#positions);
    return true;
  }

  handleRejections({ rejectionHandlers }: Execution): void {
    const { children = [], pending = [] } = this.#positions;
    for (const level of children) level.handleRejections(rejectionHandlers);
    for (const level of this.#children ?? []) level.handleRejections(rejectionHandlers);
    for (const each of pending) each.handleRejections();
  }

  /** Later items of an asynchronous iterable get levels of their own. */
  #begin(): void {
    this.#hasBegun = true;
    this.#children = this.#positions.children;
    this.#positions.children = undefined;
  }
}
