import { GraphQLError } from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import { drain } from "./async-items.ts";
import { completeAbstract } from "./complete-abstract.ts";
import { completeObject } from "./complete-object.ts";
import type { Execution } from "./execution.ts";
import { isPromiseLike } from "./is-promise-like.ts";
import { type Level, ListPositions, type Positions } from "./response-positions.ts";
import type { LeafShape, ListShape, ObjectShape } from "./shape.ts";
import { unitsPerCheck, unitsPerItem, type Work } from "./work.ts";

/**
 * Completes a value at its position, as section 6.4.3 of the specification says. Objects are only gathered: their fields are
 * executed in the next level, when this one is complete.
 */
export function completeValue(execution: Execution, positions: Positions, key: number, value: unknown): void {
  if (value === null || value === undefined) {
    completeNull(execution, positions, key);
    return;
  }
  try {
    // `instanceof` may throw for a proxy.
    if (typeof value === "object" && value instanceof Error) throw value;
    completePresent(execution, positions, key, value);
  } catch (error) {
    execution.fail(positions, key, error, value);
  }
}

/** @throws the error of the value */
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

/** @throws what the type throws, and an error for a value that it coerces to null */
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
  // A scalar may return a promise, although the specification has none here.
  if (coerced instanceof Promise) {
    execution.waitFor(storeValue, positions, key, coerced, undefined);
    return;
  }
  storeValue(execution, positions, key, coerced);
  if (typeof coerced === "object") execution.rejectionHandlers.addTo(coerced);
}

/** @throws GraphQLError for a value that makes the result too large */
function storeValue({ size }: Execution, positions: Positions, key: number, value: unknown): void {
  size?.addLeaf(value);
  positions.store(key, value);
}

/** @throws GraphQLError for a value that is not iterable, and what the iterable throws */
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

/** @throws what the iterable throws, and GraphQLError for an item beyond the limit */
function completeItems(execution: Execution, list: ListPositions, iterable: Iterable<unknown>): void {
  if (isPlainArray(iterable)) {
    execution.size?.add(iterable.length, iterable.length);
    completeArray(execution, list, iterable, 0);
  } else {
    completeIterator(execution, list, iterable[Symbol.iterator](), 0);
  }
}

/** @throws what the iterator throws, and GraphQLError for an item beyond the limit */
function completeIterator(execution: Execution, list: ListPositions, iterator: Iterator<unknown>, from: number): void {
  for (let index = from; ; index++) {
    const { done, value } = iterator.next();
    if (done) return;
    execution.size?.add(1, 1);
    list.items.push(null);
    completeItem(execution, list, index, value);
    if (list.hasFailed) {
      handleRemainingRejections(execution, iterator);
      return;
    }
    if (execution.isTimeUp(unitsPerItem)) {
      execution.push(remainingOfIterator(execution, list, iterator, index + 1));
      return;
    }
  }
}

/**
 * The same without an iterator, and with objects gathered at once: most lists are arrays of objects.
 *
 * @throws GraphQLError for an object beyond the limit
 */
function completeArray(execution: Execution, list: ListPositions, array: readonly unknown[], from: number): void {
  const { shape, items } = list;
  const level = shape.kind === "object" && array.length > from ? plainLevel(execution, list, shape) : undefined;
  // Other items may call a type resolver or a scalar.
  const units = level === undefined ? unitsPerItem : 1;
  let index = from;
  while (index < array.length) {
    const first = index;
    const end = Math.min(array.length, first + unitsPerCheck / units);
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
        handleItemRejections(execution, array, index + 1);
        return;
      }
    }
    if (level !== undefined) execution.countRows(level, gathered);
    if (execution.isTimeUp((index - first) * units)) {
      execution.push(remainingOfArray(execution, list, array, index));
      return;
    }
  }
}

// A closure within the loops above would allocate a context in each of their iterations.

const remainingOfIterator = (execution: Execution, list: ListPositions, iterator: Iterator<unknown>, from: number) =>
  new RemainingItems(
    list,
    () => completeIterator(execution, list, iterator, from),
    () => undefined,
  );

const remainingOfArray = (execution: Execution, list: ListPositions, array: readonly unknown[], from: number) =>
  new RemainingItems(
    list,
    () => completeArray(execution, list, array, from),
    () => handleItemRejections(execution, array, from),
  );

/** The items of a list that a pause has postponed. */
class RemainingItems implements Work<Execution> {
  readonly #list: ListPositions;
  readonly #complete: () => void;
  readonly #handleRejections: () => void;
  #areRejectionsHandled = false;

  constructor(list: ListPositions, complete: () => void, handleRejections: () => void) {
    this.#list = list;
    this.#complete = complete;
    this.#handleRejections = handleRejections;
  }

  /** Items for which the time is up again are pushed as further work. */
  advance(execution: Execution): boolean {
    const { owner, ownerKey } = this.#list;
    try {
      this.#complete();
    } catch (error) {
      execution.fail(owner, ownerKey, error);
    }
    return true;
  }

  handleRejections(): void {
    if (!this.#areRejectionsHandled) this.#handleRejections();
    this.#areRejectionsHandled = true;
  }
}

function handleItemRejections({ rejectionHandlers }: Execution, array: readonly unknown[], from: number): void {
  for (let index = from; index < array.length; index++) rejectionHandlers.addTo(array[index]);
}

/** The level for objects without `isTypeOf`, which are only gathered. */
function plainLevel(execution: Execution, { root }: ListPositions, { type }: ObjectShape): Level | undefined {
  if (type.isTypeOf) return undefined;
  try {
    return execution.levelOf(root, type);
  } catch {
    // Each item reports the error itself.
    return undefined;
  }
}

/** Whether it is an object, and neither an error nor a promise. False too when the check throws: completion reports that. */
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

/** The other promises of a list that is null are not awaited: an unhandled rejection would end the process. */
function handleRemainingRejections({ rejectionHandlers }: Execution, iterator: Iterator<unknown>): void {
  try {
    for (let step = iterator.next(); !step.done; step = iterator.next()) rejectionHandlers.addTo(step.value);
  } catch {
    // The list has failed already, with another error.
  }
}

const isIterableObject = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function";

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof (value as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === "function";
