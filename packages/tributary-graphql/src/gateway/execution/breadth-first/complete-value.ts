import { GraphQLError } from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import { drain } from "./async-items.ts";
import { completeAbstract } from "./complete-abstract.ts";
import { completeObject } from "./complete-object.ts";
import type { Execution } from "./execution.ts";
import { isPromiseLike } from "./pending-values.ts";
import { type Level, ListPositions, type Positions } from "./response-positions.ts";
import type { LeafShape, ListShape, ObjectShape } from "./shape.ts";
import { unitsPerItem, unitsPerLook, type Work } from "./work.ts";

/**
 * Puts what a resolver gave into its position, by section 6.4.3 of the specification. Objects are only gathered: their
 * fields are for the next level, which is run when all objects of this one are there.
 */
export function completeValue(execution: Execution, positions: Positions, key: number, value: unknown): void {
  if (value === null || value === undefined) {
    completeNull(execution, positions, key);
    return;
  }
  try {
    // A proxy may throw already when it is asked for its prototype.
    if (typeof value === "object" && value instanceof Error) throw value;
    completePresent(execution, positions, key, value);
  } catch (error) {
    execution.fail(positions, key, error, value);
  }
}

/** @throws what is wrong with the value */

function completePresent(execution: Execution, positions: Positions, key: number, value: unknown): void {
  const { shape } = positions;
  switch (shape.kind) {
    case "leaf":
      completeLeaf(execution, positions, key, value, shape);
      break;
    case "list":
      completeList(execution, positions, key, value, shape);
      break;
    case "object":
      completeObject(execution, positions, key, value, shape.type);
      break;
    case "abstract":
      completeAbstract(execution, positions, key, value, shape.type);
      break;
    default:
      shape satisfies never;
  }
}

function completeNull(execution: Execution, positions: Positions, key: number): void {
  if (!positions.shape.isNonNull) {
    positions.store(key, null);
    return;
  }
  const { parentType, definition } = positions.root.field;
  const message = `Cannot return null for non-nullable field ${parentType}.${definition.name}.`;
  execution.fail(positions, key, new Error(message));
}

/** @throws what the type throws, and an error for a value that it makes nothing of */
function completeLeaf(
  execution: Execution,
  positions: Positions,
  key: number,
  value: unknown,
  { type }: LeafShape,
): void {
  const coerced: unknown = type.coerceOutputValue(value);
  if (coerced == null) {
    const call = `${inspect(type)}.coerceOutputValue(${inspect(value)})`;
    throw new Error(`Expected \`${call}\` to return non-nullable value, returned: ${inspect(coerced)}`);
  }
  // A scalar may take its time over a value, though nobody told it so.
  if (coerced instanceof Promise) {
    execution.waitFor(storeValue, positions, key, coerced, undefined);
    return;
  }
  storeValue(execution, positions, key, coerced);
  if (typeof coerced === "object") execution.unread.listenWithin(coerced);
}

/** @throws GraphQLError for a value that makes the result too large */
function storeValue({ size }: Execution, positions: Positions, key: number, value: unknown): void {
  size?.addLeaf(value);
  positions.store(key, value);
}

/** @throws GraphQLError for what is no list, and what the iterable throws */
function completeList(execution: Execution, positions: Positions, key: number, value: unknown, shape: ListShape): void {
  if (isAsyncIterable(value)) {
    drain(execution, new ListPositions(positions, key, shape), value, completeItem);
    return;
  }
  if (!isIterableObject(value)) {
    const { parentType, definition } = positions.root.field;
    const field = `${parentType}.${definition.name}`;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${field}".`);
  }
  const list = new ListPositions(positions, key, shape);
  positions.store(key, list.items);
  completeItems(execution, list, value);
}

/** @throws what the iterable throws, and GraphQLError for one item too many */
function completeItems(execution: Execution, list: ListPositions, iterable: Iterable<unknown>): void {
  if (isPlainArray(iterable)) {
    execution.size?.add(iterable.length, iterable.length);
    completeArray(execution, list, iterable, 0);
  } else {
    completeIterator(execution, list, iterable[Symbol.iterator](), 0);
  }
}

/** @throws what the iterator throws, and GraphQLError for one item too many */
function completeIterator(execution: Execution, list: ListPositions, iterator: Iterator<unknown>, from: number): void {
  for (let index = from; ; index++) {
    const { done, value } = iterator.next();
    if (done) return;
    execution.size?.add(1, 1);
    list.items.push(null);
    completeItem(execution, list, index, value);
    if (list.hasFailed) {
      listenToRest(execution, iterator);
      return;
    }
    if (execution.isTimeUp(unitsPerItem)) {
      execution.push(restOfIterator(execution, list, iterator, index + 1));
      return;
    }
  }
}

/**
 * The same without an iterator, and with objects gathered at once: most lists are arrays of objects.
 *
 * @throws GraphQLError for one object too many
 */
function completeArray(execution: Execution, list: ListPositions, array: readonly unknown[], from: number): void {
  const { shape, items } = list;
  const level = shape.kind === "object" && array.length > from ? plainLevel(execution, list, shape) : undefined;
  // Other items may have types that are asked, or scalars that take their time.
  const units = level === undefined ? unitsPerItem : 1;
  let index = from;
  while (index < array.length) {
    const first = index;
    const end = Math.min(array.length, first + unitsPerLook / units);
    let gathered = 0;
    for (; index < end; index++) {
      const item = array[index];
      if (level !== undefined && isPlainObject(item)) {
        items.push(level.add(item, list, index));
        gathered++;
        continue;
      }
      items.push(null);
      completeItem(execution, list, index, item);
      if (list.hasFailed) {
        listenToItems(execution, array, index + 1);
        return;
      }
    }
    if (level !== undefined) execution.countRows(level, gathered);
    if (execution.isTimeUp((index - first) * units)) {
      execution.push(restOfArray(execution, list, array, index));
      return;
    }
  }
}

// A function that is made within a loop would cost each turn of it an environment of its own.

const restOfIterator = (execution: Execution, list: ListPositions, iterator: Iterator<unknown>, from: number) =>
  new RestOfList(
    list,
    () => completeIterator(execution, list, iterator, from),
    () => undefined,
  );

const restOfArray = (execution: Execution, list: ListPositions, array: readonly unknown[], from: number) =>
  new RestOfList(
    list,
    () => completeArray(execution, list, array, from),
    () => listenToItems(execution, array, from),
  );

/** The items of a list that the execution had no time for. */
class RestOfList implements Work<Execution> {
  readonly #list: ListPositions;
  readonly #complete: () => void;
  readonly #listen: () => void;
  #isHeard = false;

  constructor(list: ListPositions, complete: () => void, listen: () => void) {
    this.#list = list;
    this.#complete = complete;
    this.#listen = listen;
  }

  /** What there is no time for again is further work. */
  advance(execution: Execution): boolean {
    const { owner, ownerKey } = this.#list;
    try {
      this.#complete();
    } catch (error) {
      execution.fail(owner, ownerKey, error);
    }
    return true;
  }

  listen(): void {
    if (!this.#isHeard) this.#listen();
    this.#isHeard = true;
  }
}

function listenToItems({ unread }: Execution, array: readonly unknown[], from: number): void {
  for (let index = from; index < array.length; index++) unread.listenWithin(array[index]);
}

/** Where objects that need no more than to be gathered are gathered. */
function plainLevel(execution: Execution, { root }: ListPositions, { type }: ObjectShape): Level | undefined {
  if (type.isTypeOf) return undefined;
  try {
    return execution.levelOf(root, type);
  } catch {
    // Each item has an error of its own.
    return undefined;
  }
}

/** Whether it is nothing but an object. What cannot be looked at is looked at again, where its error has a position. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  try {
    return !(value instanceof Error) && !isPromiseLike(value);
  } catch {
    return false;
  }
}

const arrayIterator: unknown = Array.prototype[Symbol.iterator];

const isPlainArray = (value: Iterable<unknown>): value is readonly unknown[] =>
  Array.isArray(value) && value[Symbol.iterator] === arrayIterator;

function completeItem(execution: Execution, list: ListPositions, index: number, item: unknown): void {
  let isPromise: boolean;
  try {
    isPromise = isPromiseLike(item);
  } catch (error) {
    execution.fail(list, index, error, item);
    return;
  }
  if (isPromise) execution.waitFor(completeValue, list, index, item as PromiseLike<unknown>, undefined);
  else completeValue(execution, list, index, item);
}

/** Nobody will wait for the other promises of a list that is null: one that is rejected would end the process. */
function listenToRest({ unread }: Execution, iterator: Iterator<unknown>): void {
  try {
    for (let step = iterator.next(); !step.done; step = iterator.next()) unread.listenWithin(step.value);
  } catch {
    // The list has failed already, and has its error.
  }
}

const isIterableObject = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function";

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof (value as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === "function";
