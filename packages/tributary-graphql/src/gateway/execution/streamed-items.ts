import type { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import { Queue } from "graphql/execution/incremental/Queue.js";
import type { UnreadValues } from "./breadth-first/unread-values.ts";

/** The rest of a list: whatever a resolver gave, from the first item on that is to be streamed. */
export type RestOfList = Parameters<IncrementalExecutor["handleStream"]>[2];

export type ItemQueue = ReturnType<IncrementalExecutor["buildStreamItemQueue"]>;
type Item = Parameters<Parameters<ItemQueue["forEachBatch"]>[0]>[0] extends Iterable<infer T> ? T : never;

/**
 * A queue of streamed items that is built when its turn has come: when what announces the list is complete. Until then
 * nothing is taken from the list.
 */
export class LateQueue extends Queue<Item> {
  readonly #rest: RestOfList;
  readonly #build: () => ItemQueue;
  #queue: ItemQueue | undefined;

  constructor(rest: RestOfList, build: () => ItemQueue) {
    super(() => undefined);
    this.#rest = rest;
    this.#build = build;
  }

  override forEachBatch(reducer: Parameters<ItemQueue["forEachBatch"]>[0]): Promise<void> {
    if (super.isStopped()) return super.forEachBatch(reducer);
    this.#queue = this.#build();
    return this.#queue.forEachBatch(reducer);
  }

  override abort(reason: unknown): Promise<void> | void {
    if (this.#queue) return this.#queue.abort(reason);
    if (!super.isStopped()) void discard(this.#rest);
    return super.abort(reason);
  }

  override isStopped(): boolean {
    return this.#queue ? this.#queue.isStopped() : super.isStopped();
  }
}

/** Tells a source that nobody wants the rest. What it answers goes nowhere. */
async function discard({ handle }: RestOfList): Promise<void> {
  try {
    // A generator makes no more items once it is told to stop; a list has them all already.
    await handle.return?.();
  } catch {
    // The request is over: there is no field left that could fail.
  }
}

/**
 * The same rest, with each promise in it listened to, however deep. A list can hold promises that nobody awaits before
 * their turn, or ever: one that is rejected meanwhile would end the process.
 */
export function listenedTo(rest: RestOfList, unread: UnreadValues): RestOfList {
  if (rest.isAsync || Object.getPrototypeOf(rest.handle) !== arrayIterator) return rest;
  const items: unknown[] = [...Iterator.from(rest.handle)];
  unread.listenWithin(items);
  return { ...rest, handle: items[Symbol.iterator]() };
}

/** Of an array all items are there; whatever else is iterated over may have no end. */
const arrayIterator: unknown = Object.getPrototypeOf([][Symbol.iterator]());
