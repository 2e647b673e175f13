import { Semaphore } from "./semaphore.ts";
import { SharedCall, type Subscriber, Subscription } from "./shared-call.ts";

export interface SharedCallsOptions {
  /** The maximum number of concurrent calls. */
  readonly maxConcurrency: number;
  /** The maximum number of calls that wait for a permit. */
  readonly maxQueue: number;
  /** Age in milliseconds from which no read joins a call. */
  readonly maxJoinAgeMs: number;
}

/**
 * Coalesces identical calls to a service (single-flight). A call that hangs delays only the read that it was started
 * for: from the age `maxJoinAgeMs` on, new reads start another call, and the subscribers that joined the old call join
 * the new one too. A response also settles the older calls with the same key.
 */
export class SharedCalls<TResponse> {
  readonly #options: SharedCallsOptions;
  readonly #semaphore: Semaphore;
  /** By coalescing key, the oldest first. */
  readonly #pending = new Map<string, SharedCall<TResponse>[]>();

  constructor(options: SharedCallsOptions) {
    this.#options = options;
    this.#semaphore = new Semaphore(options.maxConcurrency);
  }

  /**
   * The response of the pending call with this key, or of a new one that `call` starts.
   * @param subscriber its signal must not be aborted yet
   * @throws QueueFullError; the abort reason of the subscriber's signal, at once; the error of the call
   */
  subscribe(
    key: string,
    subscriber: Subscriber,
    call: (signal: AbortSignal) => Promise<TResponse>,
  ): Promise<TResponse> {
    const subscription = new Subscription<TResponse>(subscriber);
    this.#joinable(key, call).add(subscription);
    return subscription.promise;
  }

  #joinable(key: string, call: (signal: AbortSignal) => Promise<TResponse>): SharedCall<TResponse> {
    const pending = this.#pending.get(key) ?? [];
    const newest = pending.at(-1);
    if (newest?.isJoinable) return newest;
    const { maxQueue, maxJoinAgeMs } = this.#options;
    const created: SharedCall<TResponse> = new SharedCall({
      semaphore: this.#semaphore,
      maxQueue,
      maxJoinAgeMs,
      call,
      onTooOld: (subscriptions) => {
        const next = this.#joinable(key, call);
        for (const subscription of subscriptions) next.add(subscription);
      },
      onSuccess: (response) => {
        for (const older of pending.slice(0, pending.indexOf(created))) older.supersede(response);
      },
      onEnd: () => {
        pending.splice(pending.indexOf(created), 1);
        if (pending.length === 0) this.#pending.delete(key);
      },
    });
    pending.push(created);
    this.#pending.set(key, pending);
    return created;
  }
}
