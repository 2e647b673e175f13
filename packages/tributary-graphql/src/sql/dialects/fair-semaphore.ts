import { onAbort } from "../../core/abort-listeners.ts";
import { DomainError } from "../../core/domain-error.ts";
import { LinkedQueue } from "../../core/linked-queue.ts";
import type { QueryOrigin } from "./query-origin.ts";

export interface FairSemaphoreOptions {
  /** The number of permits: one per connection or thread. */
  readonly size: number;
  /** How many queries may wait for a permit at one time. */
  readonly maxWaiting: number;
}

interface Waiter {
  readonly origin: QueryOrigin;
  grant(): void;
  reject(error: Error): void;
}

/** The waiters for the same tables, by request. */
interface Group {
  readonly resources: readonly string[];
  readonly byRequest: Map<object, LinkedQueue<Waiter>>;
  size: number;
}

/** A table gets at most this many times the free permits: 8 of 10 when nothing else is read. */
const maxPerFreePermit = 4;

/**
 * The semaphore of a connection pool. It is fair by request and by table instead of first come, first served: otherwise
 * one locked table, or one request with many slow queries, would take all connections and block everybody.
 *
 * - A request gets at most half of the permits.
 * - A table gets at most four times as many permits as are free, so a locked table leaves some to the others. A second
 *   table that is locked at the same time can take those.
 * - Released permits are granted round-robin: to the tables in rotation, and per table to the requests in rotation.
 * - When more than `maxWaiting` queries wait, one is rejected: the newest of the largest request of the largest table.
 */
export class FairSemaphore {
  readonly #maxWaiting: number;
  readonly #maxPerRequest: number;
  readonly #groups = new Map<string, Group>();
  /** The permits in use, per request and per resource. */
  readonly #inUse = new Map<object | string, number>();
  #free: number;
  #waiting = 0;

  constructor({ size, maxWaiting }: FairSemaphoreOptions) {
    this.#free = size;
    this.#maxWaiting = maxWaiting;
    this.#maxPerRequest = Math.ceil(size / 2);
  }

  /**
   * Acquires a permit and returns its release function. When the signal aborts first, the promise never settles: Kysely
   * has the same signal and has stopped waiting.
   *
   * @throws DomainError `OVERLOADED` when too many queries wait
   */
  async acquire(origin: QueryOrigin, signal?: AbortSignal): Promise<() => void> {
    if (!this.#isAvailable(origin)) await this.#wait(origin, signal);
    else this.#take(origin);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#release(origin);
    };
  }

  /** Rejects all waiters. */
  close(error: Error): void {
    const waiters = [...this.#groups.values()].flatMap((group) =>
      [...group.byRequest.values()].flatMap((all) => [...all]),
    );
    for (const waiter of waiters) {
      this.#remove(waiter);
      waiter.reject(error);
    }
  }

  #isAvailable(origin: QueryOrigin): boolean {
    return this.#free > 0 && this.#usedBy(origin.request) < this.#maxPerRequest && this.#mayUse(origin.resources);
  }

  #mayUse(resources: readonly string[]): boolean {
    return resources.every((resource) => this.#usedBy(resource) < maxPerFreePermit * this.#free);
  }

  #usedBy(requestOrResource: object | string): number {
    return this.#inUse.get(requestOrResource) ?? 0;
  }

  #take({ request, resources }: QueryOrigin): void {
    this.#free--;
    for (const key of [request, ...resources]) this.#inUse.set(key, this.#usedBy(key) + 1);
  }

  #release({ request, resources }: QueryOrigin): void {
    this.#free++;
    for (const key of [request, ...resources]) {
      const left = this.#usedBy(key) - 1;
      if (left > 0) this.#inUse.set(key, left);
      else this.#inUse.delete(key);
    }
    while (this.#free > 0 && this.#grantNext());
  }

  #wait(origin: QueryOrigin, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const removeListener = signal && onAbort(signal, () => this.#remove(waiter));
    const waiter: Waiter = {
      origin,
      grant: () => {
        removeListener?.();
        resolve();
      },
      reject: (error) => {
        removeListener?.();
        reject(error);
      },
    };
    this.#add(waiter);
    if (this.#waiting > this.#maxWaiting) this.#rejectOne();
    return promise;
  }

  #add(waiter: Waiter): void {
    const { request, resources } = waiter.origin;
    const key = groupKey(resources);
    const group = this.#groups.get(key) ?? { resources, byRequest: new Map(), size: 0 };
    this.#groups.set(key, group);
    const ofRequest = group.byRequest.get(request) ?? new LinkedQueue();
    group.byRequest.set(request, ofRequest);
    ofRequest.add(waiter);
    group.size++;
    this.#waiting++;
  }

  #remove(waiter: Waiter): void {
    const { request, resources } = waiter.origin;
    const key = groupKey(resources);
    const group = this.#groups.get(key);
    const ofRequest = group?.byRequest.get(request);
    if (group === undefined || ofRequest === undefined || !ofRequest.delete(waiter)) return;
    group.size--;
    this.#waiting--;
    if (ofRequest.size === 0) group.byRequest.delete(request);
    if (group.size === 0) this.#groups.delete(key);
  }

  /** Grants a permit to the next waiter that may have one, and moves its table and its request to the end. */
  #grantNext(): boolean {
    for (const [key, group] of this.#groups) {
      const waiter = this.#mayUse(group.resources) ? this.#nextOf(group) : undefined;
      if (waiter === undefined) continue;
      const { request } = waiter.origin;
      this.#remove(waiter);
      moveToEnd(group.byRequest, request);
      moveToEnd(this.#groups, key);
      this.#take(waiter.origin);
      waiter.grant();
      return true;
    }
    return false;
  }

  #nextOf({ byRequest }: Group): Waiter | undefined {
    for (const [request, { first }] of byRequest) if (this.#usedBy(request) < this.#maxPerRequest) return first;
  }

  #rejectOne(): void {
    const group = largest([...this.#groups.values()], ({ size }) => size);
    const newest = largest([...(group?.byRequest.values() ?? [])], ({ size }) => size)?.last;
    if (newest === undefined) return;
    this.#remove(newest);
    newest.reject(overloaded());
  }
}

const groupKey = (resources: readonly string[]): string => resources.join("\n");

function moveToEnd<Key, Value>(map: Map<Key, Value>, key: Key): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
}

/** The largest value; of equal ones the last, which is the newest request. */
const largest = <Value>(values: readonly Value[], size: (value: Value) => number): Value | undefined =>
  values.reduce<Value | undefined>(
    (best, value) => (best === undefined || size(value) >= size(best) ? value : best),
    undefined,
  );

const overloaded = (): DomainError =>
  new DomainError("OVERLOADED", "Too many queries wait for the database.", { source: "database" });
