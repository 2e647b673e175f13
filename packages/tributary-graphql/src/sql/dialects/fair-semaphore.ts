import { onAbort } from "../../core/abort-listeners.ts";
import { DomainError } from "../../core/domain-error.ts";
import { LinkedQueue } from "../../core/linked-queue.ts";
import type { QueryOrigin } from "./query-origin.ts";

export interface QueueOptions {
  /** How many connections may be held at one time. */
  readonly size: number;
  /** How many queries may wait at one time. */
  readonly maxWaiting: number;
}

interface Waiting {
  readonly origin: QueryOrigin;
  grant(): void;
  refuse(error: Error): void;
}

/** Waiting statements for the same tables, by request. */
interface Group {
  readonly resources: readonly string[];
  readonly byRequest: Map<object, LinkedQueue<Waiting>>;
  size: number;
}

/** A resource may hold at most so many times the connections that are free: four of five when nothing else is asked for. */
const shareOfFree = 4;

/**
 * Says who may hold one of a database's connections. Not first come, first served: a lock on one table, or one request
 * with many slow queries, would then take all connections and everybody would wait for it.
 *
 * - A request holds at most half of the connections.
 * - A table holds at most four times as many connections as are free, so that a table that is blocked leaves some to the
 *   rest. A second one that is blocked at the same moment can take those.
 * - Connections that get free go to the tables one after the other, and among those who wait for a table to the requests
 *   one after the other.
 * - Above `maxWaiting`, the query that came last of the request that waits most for the table that most wait for is refused.
 */
export class ConnectionQueue {
  readonly #maxWaiting: number;
  readonly #maxPerRequest: number;
  readonly #groups = new Map<string, Group>();
  readonly #heldBy = new Map<object | string, number>();
  #free: number;
  #waiting = 0;

  constructor({ size, maxWaiting }: QueueOptions) {
    this.#free = size;
    this.#maxWaiting = maxWaiting;
    this.#maxPerRequest = Math.ceil(size / 2);
  }

  /**
   * Resolves when a connection may be used, with what gives it back. After the signal has aborted it never settles:
   * Kysely, which has the signal too, has gone on by then.
   *
   * @throws DomainError `OVERLOADED` when too many wait
   */
  async enter(origin: QueryOrigin, signal?: AbortSignal): Promise<() => void> {
    if (!this.#mayHold(origin)) await this.#wait(origin, signal);
    else this.#hold(origin);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#giveBack(origin);
    };
  }

  /** Refuses all that wait. */
  close(error: Error): void {
    const waiting = [...this.#groups.values()].flatMap((group) =>
      [...group.byRequest.values()].flatMap((all) => [...all]),
    );
    for (const each of waiting) {
      this.#remove(each);
      each.refuse(error);
    }
  }

  #mayHold(origin: QueryOrigin): boolean {
    return this.#free > 0 && this.#held(origin.request) < this.#maxPerRequest && this.#mayUse(origin.resources);
  }

  #mayUse(resources: readonly string[]): boolean {
    return resources.every((resource) => this.#held(resource) < shareOfFree * this.#free);
  }

  #held(holder: object | string): number {
    return this.#heldBy.get(holder) ?? 0;
  }

  #hold({ request, resources }: QueryOrigin): void {
    this.#free--;
    for (const holder of [request, ...resources]) this.#heldBy.set(holder, this.#held(holder) + 1);
  }

  #giveBack({ request, resources }: QueryOrigin): void {
    this.#free++;
    for (const holder of [request, ...resources]) {
      const left = this.#held(holder) - 1;
      if (left > 0) this.#heldBy.set(holder, left);
      else this.#heldBy.delete(holder);
    }
    while (this.#free > 0 && this.#grantOne());
  }

  #wait(origin: QueryOrigin, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const removeListener = signal && onAbort(signal, () => this.#remove(waiting));
    const waiting: Waiting = {
      origin,
      grant: () => {
        removeListener?.();
        resolve();
      },
      refuse: (error) => {
        removeListener?.();
        reject(error);
      },
    };
    this.#add(waiting);
    if (this.#waiting > this.#maxWaiting) this.#refuseOne();
    return promise;
  }

  #add(waiting: Waiting): void {
    const { request, resources } = waiting.origin;
    const key = groupKey(resources);
    const group = this.#groups.get(key) ?? { resources, byRequest: new Map(), size: 0 };
    this.#groups.set(key, group);
    const ofRequest = group.byRequest.get(request) ?? new LinkedQueue();
    group.byRequest.set(request, ofRequest);
    ofRequest.add(waiting);
    group.size++;
    this.#waiting++;
  }

  #remove(waiting: Waiting): void {
    const { request, resources } = waiting.origin;
    const key = groupKey(resources);
    const group = this.#groups.get(key);
    const ofRequest = group?.byRequest.get(request);
    if (group === undefined || ofRequest === undefined || !ofRequest.delete(waiting)) return;
    group.size--;
    this.#waiting--;
    if (ofRequest.size === 0) group.byRequest.delete(request);
    if (group.size === 0) this.#groups.delete(key);
  }

  /** Grants the next one that may hold a connection, and puts its table and its request behind the others. */
  #grantOne(): boolean {
    for (const [key, group] of this.#groups) {
      const waiting = this.#mayUse(group.resources) ? this.#nextOf(group) : undefined;
      if (waiting === undefined) continue;
      const { request } = waiting.origin;
      this.#remove(waiting);
      moveToEnd(group.byRequest, request);
      moveToEnd(this.#groups, key);
      this.#hold(waiting.origin);
      waiting.grant();
      return true;
    }
    return false;
  }

  #nextOf({ byRequest }: Group): Waiting | undefined {
    for (const [request, { first }] of byRequest) if (this.#held(request) < this.#maxPerRequest) return first;
  }

  #refuseOne(): void {
    const group = largest([...this.#groups.values()], ({ size }) => size);
    const last = largest([...(group?.byRequest.values() ?? [])], ({ size }) => size)?.last;
    if (last === undefined) return;
    this.#remove(last);
    last.refuse(overloaded());
  }
}

const groupKey = (resources: readonly string[]): string => resources.join("\n");

function moveToEnd<Key, Value>(map: Map<Key, Value>, key: Key): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
}

/** The last of the largest: of requests with as many queries, the one that came last. */
const largest = <Value>(values: readonly Value[], size: (value: Value) => number): Value | undefined =>
  values.reduce<Value | undefined>(
    (best, value) => (best === undefined || size(value) >= size(best) ? value : best),
    undefined,
  );

const overloaded = (): DomainError =>
  new DomainError("OVERLOADED", "Too many queries wait for the database.", { source: "database" });
