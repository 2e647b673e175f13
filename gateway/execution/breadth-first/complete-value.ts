import { GraphQLError } from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import { drain } from "./async-items.ts";
import { completeAbstract } from "./complete-abstract.ts";
import { completeObject } from "./complete-object.ts";
import type { Execution } from "./execution.ts";
import { ListPlaces, type Places } from "./places.ts";
import type { LeafShape, ListShape } from "./shape.ts";
import { ignoreRejections, isPromiseLike } from "./waiting.ts";

/**
 * Puts what a resolver gave into its place, by section 6.4.3 of the specification. Objects are only gathered: their
 * fields are for the next level, which is run when all objects of this one are there.
 */
export function completeValue(execution: Execution, places: Places, key: number, value: unknown): void {
  if (value === null || value === undefined) completeNull(execution, places, key);
  else if (typeof value === "object" && value instanceof Error) execution.fail(places, key, value);
  else completePresent(execution, places, key, value);
}

function completePresent(execution: Execution, places: Places, key: number, value: unknown): void {
  const { shape } = places;
  switch (shape.kind) {
    case "leaf":
      completeLeaf(execution, places, key, value, shape);
      break;
    case "list":
      completeList(execution, places, key, value, shape);
      break;
    case "object":
      completeObject(execution, places, key, value, shape.type);
      break;
    case "abstract":
      completeAbstract(execution, places, key, value, shape.type);
      break;
    default:
      shape satisfies never;
  }
}

function completeNull(execution: Execution, places: Places, key: number): void {
  if (!places.shape.isNonNull) {
    places.store(key, null);
    return;
  }
  const { parentType, definition } = places.root.field;
  const message = `Cannot return null for non-nullable field ${parentType}.${definition.name}.`;
  execution.fail(places, key, new Error(message));
}

function completeLeaf(execution: Execution, places: Places, key: number, value: unknown, { type }: LeafShape): void {
  try {
    const coerced: unknown = type.coerceOutputValue(value);
    if (coerced == null) {
      const call = `${inspect(type)}.coerceOutputValue(${inspect(value)})`;
      throw new Error(`Expected \`${call}\` to return non-nullable value, returned: ${inspect(coerced)}`);
    }
    // A scalar may take its time over a value, though nobody told it so.
    if (coerced instanceof Promise) execution.waitFor(storeValue, places, key, coerced, undefined);
    else places.store(key, coerced);
  } catch (error) {
    execution.fail(places, key, error);
  }
}

function storeValue(_execution: Execution, places: Places, key: number, value: unknown): void {
  places.store(key, value);
}

function completeList(execution: Execution, places: Places, key: number, value: unknown, shape: ListShape): void {
  try {
    if (isAsyncIterable(value)) {
      drain(execution, new ListPlaces(places, key, shape), value, completeItem);
      return;
    }
    if (!isIterableObject(value)) {
      const { parentType, definition } = places.root.field;
      const field = `${parentType}.${definition.name}`;
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${field}".`);
    }
    const list = new ListPlaces(places, key, shape);
    places.store(key, list.items);
    completeItems(execution, list, value);
  } catch (error) {
    execution.fail(places, key, error);
  }
}

/** @throws what the iterable throws */
function completeItems(execution: Execution, list: ListPlaces, iterable: Iterable<unknown>): void {
  const iterator = iterable[Symbol.iterator]();
  for (let index = 0; ; index++) {
    const { done, value } = iterator.next();
    if (done) return;
    list.items.push(null);
    completeItem(execution, list, index, value);
    if (list.hasFailed) {
      ignoreRest(iterator);
      return;
    }
  }
}

function completeItem(execution: Execution, list: ListPlaces, index: number, item: unknown): void {
  if (isPromiseLike(item)) execution.waitFor(completeValue, list, index, item, undefined);
  else completeValue(execution, list, index, item);
}

/** Nobody will wait for the other promises of a list that is null: one that is rejected would end the process. */
function ignoreRest(iterator: Iterator<unknown>): void {
  try {
    for (let step = iterator.next(); !step.done; step = iterator.next()) ignoreRejections(step.value);
  } catch {
    // The list has failed already, and has its error.
  }
}

const isIterableObject = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function";

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof (value as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === "function";
