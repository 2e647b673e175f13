import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { CallLog } from "tributary-graphql";
import type { Upstream } from "tributary-graphql/rest";
import { type RateChange, RateSubscriber } from "./rate-subscriber.ts";
import { latestRates, type RatePair, type RateTable, toRateTable } from "./rate-table.ts";

export interface RateFeedOptions {
  readonly rates: Upstream;
  /** Milliseconds from the end of one poll to the next. */
  readonly pollMs: number;
  readonly log: Logger;
  /** The call log of a poll, which is not part of a request. */
  createCallLog(): CallLog;
  /** The clock for `RateChange.at`. Default: the system clock. */
  readonly now?: () => Date;
  /** Resolves when the next poll is due; rejects when the signal aborts. Default: a timer of `ms` milliseconds. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Polls the rates service once per interval for all subscribers of the process. */
export interface RateFeed {
  /** Yields the current rate of the pair, then each change. */
  subscribe(pair: RatePair): AsyncGenerator<RateChange, void, void>;
  /** Ends every subscription. */
  close(): void;
}

export function createRateFeed(options: RateFeedOptions): RateFeed {
  const feed = new PolledRates(options);
  return { subscribe: (pair) => feed.subscribe(pair), close: () => feed.close() };
}

interface Snapshot {
  readonly table: RateTable;
  readonly at: Date;
}

const wait = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });

/** Polls while there are subscribers. */
class PolledRates {
  readonly #options: RateFeedOptions;
  readonly #subscribers = new Set<RateSubscriber>();
  #polling: AbortController | undefined;
  #latest: Snapshot | undefined;
  #isFailing = false;

  constructor(options: RateFeedOptions) {
    this.#options = options;
  }

  subscribe(pair: RatePair): RateSubscriber {
    const subscriber = new RateSubscriber(pair, (closed) => this.#remove(closed));
    this.#subscribers.add(subscriber);
    if (this.#latest) subscriber.update(this.#latest.table, this.#latest.at);
    if (this.#polling === undefined) {
      this.#polling = new AbortController();
      void this.#poll(this.#polling.signal);
    }
    return subscriber;
  }

  close(): void {
    for (const subscriber of this.#subscribers) void subscriber.return();
  }

  #remove(subscriber: RateSubscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    this.#polling?.abort(new DOMException("The last subscriber to the rates has unsubscribed.", "AbortError"));
    this.#polling = undefined;
    // Without polling it becomes stale.
    this.#latest = undefined;
    this.#isFailing = false;
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#refresh(signal);
      await (this.#options.wait ?? wait)(this.#options.pollMs, signal).catch(() => undefined);
    }
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    try {
      const latest = await this.#read(signal);
      if (signal.aborted) return;
      this.#latest = latest;
      this.#logChange(false);
      for (const subscriber of this.#subscribers) subscriber.update(latest.table, latest.at);
    } catch (error) {
      if (!signal.aborted) this.#logChange(true, error);
    }
  }

  /** Revalidates, because a response in the HTTP cache may be an hour old. Queries then get the new response from the cache. */
  async #read(signal: AbortSignal): Promise<Snapshot> {
    const { rates, log, createCallLog, now = () => new Date() } = this.#options;
    const calls = createCallLog();
    const scope = { calls, signal, log, headers: new Headers() };
    const { body } = await rates.get(scope, { ...latestRates, keys: 1, revalidate: true });
    if (calls.entries.some(({ stale }) => stale))
      throw new Error("The service failed, and the HTTP cache has only a stale response.");
    return { table: toRateTable(body), at: now() };
  }

  /** Logs the first failure and the first success after it, not every failed poll. */
  #logChange(isFailing: boolean, error?: unknown): void {
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    if (isFailing) this.#options.log.warn({ err: error }, "polling the rates failed; subscribers get no updates");
    else this.#options.log.info("polling the rates works again");
  }
}
