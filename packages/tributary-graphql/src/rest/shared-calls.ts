import { Semaphore } from "./semaphore.ts";
import { SharedCall, type Subscriber, Subscription } from "./shared-call.ts";

export interface SharedCallsOptions {
  /** Concurrent calls. */
  readonly maxConcurrency: number;
  /** How many calls may wait for a permit. */
  readonly maxQueue: number;
  /** Age in milliseconds from which no read subscribes to a call. */
  readonly maxJoinAgeMs: number;
}

/**
 * Coalesces identical calls to a service that are pending at the same time (single-flight). A call that hangs delays only the
 * read that it was started for: from a certain age on, new reads start another call, and the subscribers of the old one
 * subscribe to it too. The response of a call answers the older calls for the same as well.
 */
export class SharedCalls<Response> {
  readonly #options: SharedCallsOptions;
  readonly #semaphore: Semaphore;
  /** The oldest first. */
  readonly #pending = new Map<string, SharedCall<Response>[]>();

  constructor(options: SharedCallsOptions) {
    this.#options = options;
    this.#semaphore = new Semaphore(options.maxConcurrency);
  }

  /**
   * The response of the pending call with this key, or of a new one.
   * @param subscriber its signal is not aborted yet
   * @throws QueueFullError; the reason of the subscriber's signal as soon as it is aborted; otherwise the call's own error
   */
  subscribe(key: string, subscriber: Subscriber, call: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
    const subscription = new Subscription<Response>(subscriber);
    this.#joinable(key, call).add(subscription);
    return subscription.promise;
  }

  #joinable(key: string, call: (signal: AbortSignal) => Promise<Response>): SharedCall<Response> {
    const pending = this.#pending.get(key) ?? [];
    const newest = pending.at(-1);
    if (newest?.isJoinable) return newest;
    const { maxQueue, maxJoinAgeMs } = this.#options;
    const made: SharedCall<Response> = new SharedCall({
      semaphore: this.#semaphore,
      maxQueue,
      maxJoinAgeMs,
      call,
      onTooOld: (subscriptions) => {
        const next = this.#joinable(key, call);
        for (const subscription of subscriptions) next.add(subscription);
      },
      onSuccess: (response) => {
        for (const older of pending.slice(0, pending.indexOf(made))) older.supersede(response);
      },
      onEnd: () => {
        pending.splice(pending.indexOf(made), 1);
        if (pending.length === 0) this.#pending.delete(key);
      },
    });
    pending.push(made);
    this.#pending.set(key, pending);
    return made;
  }
}
