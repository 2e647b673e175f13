import { crossRate, type RatePair, type RateTable } from "./rate-table.ts";

/** An event for one subscriber. */
export interface RateChange extends RatePair {
  /** Units of `to` per unit of `from`; null if the service has no rate for one of them. */
  readonly rate: number | null;
  /** The rate in the previous event of this subscriber; null in its first event, and if it was unknown. */
  readonly previousRate: number | null;
  /** Time of the read. */
  readonly at: Date;
}

const done = { done: true, value: undefined } as const;

/**
 * The changes of one pair for one subscriber, with back-pressure: at most one change is pending. A newer one replaces it,
 * and a rate equal to the last one sent removes it. A slow subscriber delays no other, uses constant memory and never
 * gets an outdated rate.
 */
export class RateSubscriber implements AsyncGenerator<RateChange, void, void> {
  readonly #pair: RatePair;
  readonly #onClose: (subscriber: RateSubscriber) => void;
  #lastSent: number | null | undefined;
  #pending: { readonly rate: number | null; readonly at: Date } | undefined;
  #resolveNext: ((result: IteratorResult<RateChange, void>) => void) | undefined;
  #isClosed = false;

  constructor(pair: RatePair, onClose: (subscriber: RateSubscriber) => void) {
    this.#pair = pair;
    this.#onClose = onClose;
  }

  /** Called after each poll with the rates at this time. */
  update(table: RateTable, at: Date): void {
    const rate = crossRate(table, this.#pair);
    this.#pending = rate === this.#lastSent ? undefined : { rate, at };
    const change = this.#resolveNext && this.#takePending();
    if (change) this.#settle({ done: false, value: change });
  }

  next(): Promise<IteratorResult<RateChange, void>> {
    if (this.#isClosed) return Promise.resolve(done);
    const change = this.#takePending();
    if (change) return Promise.resolve({ done: false, value: change });
    const { promise, resolve } = Promise.withResolvers<IteratorResult<RateChange, void>>();
    this.#resolveNext = resolve;
    return promise;
  }

  /** Closes at once, and ends a pending `next`. */
  return(): Promise<IteratorResult<RateChange, void>> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#settle(done);
      this.#onClose(this);
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

  #takePending(): RateChange | undefined {
    const pending = this.#pending;
    if (pending === undefined) return undefined;
    const change = { ...this.#pair, ...pending, previousRate: this.#lastSent ?? null };
    this.#lastSent = pending.rate;
    this.#pending = undefined;
    return change;
  }

  #settle(result: IteratorResult<RateChange, void>): void {
    this.#resolveNext?.(result);
    this.#resolveNext = undefined;
  }
}
