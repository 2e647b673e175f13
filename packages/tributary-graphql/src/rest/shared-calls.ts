import { Places } from "./places.ts";
import { SharedCall, Wait, type Waiter } from "./shared-call.ts";

export interface SharedCallsOptions {
  /** Calls that may run at once. */
  readonly maxConcurrency: number;
  /** Most calls that may wait for one that runs to end. */
  readonly maxQueue: number;
  /** Age in milliseconds from which nobody joins a call. */
  readonly maxJoinAgeMs: number;
}

/**
 * The calls of a service that run, by what they ask for. One that hangs holds up nobody but the read that it was made
 * for: from an age on, newcomers start a call of their own, and those who had joined the old one wait for the new one
 * too. The answer of a call is also that of the older ones for the same.
 */
export class SharedCalls<Answer> {
  readonly #options: SharedCallsOptions;
  readonly #places: Places;
  /** The oldest first. */
  readonly #running = new Map<string, SharedCall<Answer>[]>();

  constructor(options: SharedCallsOptions) {
    this.#options = options;
    this.#places = new Places(options.maxConcurrency);
  }

  /**
   * The answer of the call with this key that can be joined, or of a new one.
   * @param waiter its signal is not aborted yet
   * @throws QueueFullError; the waiter's own reason as soon as its signal is aborted; what the call failed with otherwise
   */
  join(key: string, waiter: Waiter, call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const wait = new Wait<Answer>(waiter);
    this.#joinable(key, call).add(wait);
    return wait.promise;
  }

  #joinable(key: string, call: (signal: AbortSignal) => Promise<Answer>): SharedCall<Answer> {
    const running = this.#running.get(key) ?? [];
    const newest = running.at(-1);
    if (newest?.isJoinable) return newest;
    const { maxQueue, maxJoinAgeMs } = this.#options;
    const made: SharedCall<Answer> = new SharedCall({
      places: this.#places,
      maxQueue,
      maxJoinAgeMs,
      call,
      onTooOld: (joined) => {
        const next = this.#joinable(key, call);
        for (const wait of joined) next.add(wait);
      },
      onSuccess: (answer) => {
        for (const older of running.slice(0, running.indexOf(made))) older.supersede(answer);
      },
      onOver: () => {
        running.splice(running.indexOf(made), 1);
        if (running.length === 0) this.#running.delete(key);
      },
    });
    running.push(made);
    this.#running.set(key, running);
    return made;
  }
}
