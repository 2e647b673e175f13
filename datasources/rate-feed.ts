import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { CallLog } from "tributary-graphql";
import type { Upstream } from "tributary-graphql/rest";
import { type RateChange, RateSubscriber } from "./rate-subscriber.ts";
import { latestRates, type RatePair, type RateTable, toRateTable } from "./rate-table.ts";

export interface RateFeedOptions {
  readonly rates: Upstream;
  /** From the answer to one poll until the next one, in milliseconds. */
  readonly pollMs: number;
  readonly log: Logger;
  /** The call log of one poll, which belongs to no request. */
  createCallLog(): CallLog;
  /** The clock of the changes. Default: the system's. */
  readonly now?: () => Date;
  /** Fulfils when the next poll is due; rejects when the signal is aborted. Default: after `ms` milliseconds. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The rates as they change, for the whole process: however many subscribe, the service is asked once an interval. */
export interface RateFeed {
  /** The rate of this pair as soon as it is known, and from then on whenever it has changed. */
  subscribe(pair: RatePair): AsyncGenerator<RateChange, void, void>;
  /** Ends every subscription. */
  close(): void;
}

export function createRateFeed(options: RateFeedOptions): RateFeed {
  const feed = new PolledRates(options);
  return { subscribe: (pair) => feed.subscribe(pair), close: () => feed.close() };
}

interface Known {
  readonly table: RateTable;
  readonly at: Date;
}

const wait = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });

/** Polls from the first subscriber to the last. */
class PolledRates {
  readonly #options: RateFeedOptions;
  readonly #subscribers = new Set<RateSubscriber>();
  #polling: AbortController | undefined;
  #known: Known | undefined;
  #isFailing = false;

  constructor(options: RateFeedOptions) {
    this.#options = options;
  }

  subscribe(pair: RatePair): RateSubscriber {
    const subscriber = new RateSubscriber(pair, (leaving) => this.#leave(leaving));
    this.#subscribers.add(subscriber);
    if (this.#known) subscriber.offer(this.#known.table, this.#known.at);
    if (this.#polling === undefined) {
      this.#polling = new AbortController();
      void this.#poll(this.#polling.signal);
    }
    return subscriber;
  }

  close(): void {
    for (const subscriber of this.#subscribers) void subscriber.return();
  }

  #leave(subscriber: RateSubscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    this.#polling?.abort(new DOMException("Nobody waits for the rates any more.", "AbortError"));
    this.#polling = undefined;
    // Nobody keeps it up to date from here on.
    this.#known = undefined;
    this.#isFailing = false;
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#ask(signal);
      await (this.#options.wait ?? wait)(this.#options.pollMs, signal).catch(() => undefined);
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    try {
      const known = await this.#read(signal);
      if (signal.aborted) return;
      this.#known = known;
      this.#tell(false);
      for (const subscriber of this.#subscribers) subscriber.offer(known.table, known.at);
    } catch (error) {
      if (!signal.aborted) this.#tell(true, error);
    }
  }

  /** Asks the service itself: what the HTTP cache holds may be an hour old. Other readers have the new answer from it. */
  async #read(signal: AbortSignal): Promise<Known> {
    const { rates, log, createCallLog, now = () => new Date() } = this.#options;
    const calls = createCallLog();
    const scope = { calls, signal, log, headers: new Headers() };
    const { body } = await rates.get(scope, { ...latestRates, keys: 1, revalidate: true });
    if (calls.entries.some(({ stale }) => stale))
      throw new Error("The service failed; only an old answer was at hand.");
    return { table: toRateTable(body), at: now() };
  }

  /** Once when polls begin to fail, and once when they work again: a service is down for more than one of them. */
  #tell(isFailing: boolean, error?: unknown): void {
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    if (isFailing) this.#options.log.warn({ err: error }, "the rates cannot be polled; subscribers hear nothing new");
    else this.#options.log.info("the rates can be polled again");
  }
}
