import { crossRate, type RatePair, type RateTable } from "./rate-table.ts";

/** The events that a subscriber gets. */
export interface RateChange extends RatePair {
  /** How much of `to` one unit of `from` buys; null where the service has no rate for one of them. */
  readonly rate: number | null;
  /** The rate that this subscriber was told before; null in its first change, and where there was none. */
  readonly previousRate: number | null;
  /** When the service was asked. */
  readonly at: Date;
}

const done = { done: true, value: undefined } as const;

/**
 * The changes of one pair for one subscriber, who asks for one at a time. At most one waits for it: of those that come
 * while it is busy, the last one counts, and none does when the rate is back to what the subscriber knows. So a slow one
 * holds up nobody, takes no memory, and is never told what is out of date.
 */
export class RateSubscriber implements AsyncGenerator<RateChange, void, void> {
  readonly #pair: RatePair;
  readonly #onLeave: (subscriber: RateSubscriber) => void;
  #told: number | null | undefined;
  #next: { readonly rate: number | null; readonly at: Date } | undefined;
  #waiting: ((result: IteratorResult<RateChange, void>) => void) | undefined;
  #hasLeft = false;

  constructor(pair: RatePair, onLeave: (subscriber: RateSubscriber) => void) {
    this.#pair = pair;
    this.#onLeave = onLeave;
  }

  /** Takes note of the rates at this time. */
  offer(table: RateTable, at: Date): void {
    const rate = crossRate(table, this.#pair);
    this.#next = rate === this.#told ? undefined : { rate, at };
    const change = this.#waiting && this.#take();
    if (change) this.#settle({ done: false, value: change });
  }

  next(): Promise<IteratorResult<RateChange, void>> {
    if (this.#hasLeft) return Promise.resolve(done);
    const change = this.#take();
    if (change) return Promise.resolve({ done: false, value: change });
    const { promise, resolve } = Promise.withResolvers<IteratorResult<RateChange, void>>();
    this.#waiting = resolve;
    return promise;
  }

  /** Leaves at once, also while a change is waited for. */
  return(): Promise<IteratorResult<RateChange, void>> {
    if (!this.#hasLeft) {
      this.#hasLeft = true;
      this.#settle(done);
      this.#onLeave(this);
    }
    return Promise.resolve(done);
  }

  async throw(error: unknown): Promise<IteratorResult<RateChange, void>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #take(): RateChange | undefined {
    const next = this.#next;
    if (next === undefined) return undefined;
    const change = { ...this.#pair, ...next, previousRate: this.#told ?? null };
    this.#told = next.rate;
    this.#next = undefined;
    return change;
  }

  #settle(result: IteratorResult<RateChange, void>): void {
    this.#waiting?.(result);
    this.#waiting = undefined;
  }
}
