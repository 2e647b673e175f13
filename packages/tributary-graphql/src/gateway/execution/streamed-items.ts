import type { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import { Queue } from "graphql/execution/incremental/Queue.js";
import type { RejectionHandlers } from "./breadth-first/rejection-handlers.ts";

/** The items of a list from the first streamed one on, in the form that the resolver returned. */
export type RemainingItems = Parameters<IncrementalExecutor["handleStream"]>[2];

export type ItemQueue = ReturnType<IncrementalExecutor["buildStreamItemQueue"]>;
type Item = Parameters<Parameters<ItemQueue["forEachBatch"]>[0]>[0] extends Iterable<infer T> ? T : never;

/** A queue of streamed items that is built when the payload that announces the list is complete. No item is taken before. */
export class LazyQueue extends Queue<Item> {
  readonly #rest: RemainingItems;
  readonly #build: () => ItemQueue;
  #queue: ItemQueue | undefined;

  constructor(rest: RemainingItems, build: () => ItemQueue) {
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

/** Ends the source of items that are not needed. */
async function discard({ handle }: RemainingItems): Promise<void> {
  try {
    await handle.return?.();
  } catch {
    // The request is over: no field is left that could fail.
  }
}

/**
 * The same items, with a rejection handler on each promise in them, at any depth. Items are awaited late, or never: an
 * unhandled rejection would end the process meanwhile.
 */
export function withRejectionHandlers(rest: RemainingItems, rejectionHandlers: RejectionHandlers): RemainingItems {
  if (rest.isAsync || Object.getPrototypeOf(rest.handle) !== arrayIterator) return rest;
  const items: unknown[] = [...Iterator.from(rest.handle)];
  rejectionHandlers.addTo(items);
  return { ...rest, handle: items[Symbol.iterator]() };
}

/** An array has all of its items. Any other iterable may be infinite. */
const arrayIterator: unknown = Object.getPrototypeOf([][Symbol.iterator]());
