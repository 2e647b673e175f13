import { clientGone, deadlinePassed, requestEnded } from "./abort-reasons.ts";

export interface LifetimeOptions {
  /** From now until the deadline, in milliseconds. */
  readonly timeoutMs: number;
  /** How long after the deadline the executor may take to put the partial answer together, in milliseconds. */
  readonly backstopMs: number;
  /** Aborted when the client leaves. Default: whoever made the lifetime calls `leave`. */
  readonly client?: AbortSignal | undefined;
}

export type Ending = "deadline" | "client-gone";

/**
 * How long a request lives, as two signals.
 *
 * `signal` is for lookups: it fires when the client leaves, at the deadline, and when the request has ended.
 * `executionSignal` is for the executor: it fires when the client leaves, so that no more resolvers start, but at the
 * deadline only after a grace. Stopped at once, the executor would throw the partial answer away; this way the lookups
 * fail their own fields and the executor delivers the others. The grace is for resolvers that ignore the signal.
 *
 * Both are made when somebody asks for them. `end()` must be called: it clears the timer and the listener.
 */
export class RequestLifetime {
  readonly #lookups = new LazySignal();
  readonly #execution = new LazySignal();
  #deadlineAt: number;
  readonly #client: AbortSignal | undefined;
  readonly #onClientGone: (() => void) | undefined;
  #timer: NodeJS.Timeout;
  #ending: Ending | undefined;
  #ended = false;
  #endListener: (() => void) | undefined;

  constructor({ timeoutMs, backstopMs, client }: LifetimeOptions) {
    this.#deadlineAt = performance.now() + timeoutMs;
    this.#timer = setTimeout(() => this.#onDeadline(timeoutMs, backstopMs), timeoutMs);
    if (client === undefined) return;
    this.#client = client;
    this.#onClientGone = () => this.leave();
    if (client.aborted) this.leave();
    else client.addEventListener("abort", this.#onClientGone);
  }

  get signal(): AbortSignal {
    return this.#lookups.signal;
  }

  get executionSignal(): AbortSignal {
    return this.#execution.signal;
  }

  /** Why the request was cut short; undefined while it runs and after it has run to its end. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Milliseconds until the deadline, never below 0; `Infinity` once it is lifted. */
  remainingMs(): number {
    return Math.max(0, this.#deadlineAt - performance.now());
  }

  /** From here on time does not end this: a subscription is open for as long as its client stays. */
  liftDeadline(): void {
    clearTimeout(this.#timer);
    this.#deadlineAt = Number.POSITIVE_INFINITY;
  }

  /** Called once, when the request has ended. There is one listener: the last one that was set. */
  onEnd(listener: () => void): void {
    this.#endListener = listener;
  }

  /** The client has gone: stop everything. */
  leave(): void {
    if (this.#ended || this.#ending === "client-gone") return;
    this.#ending = "client-gone";
    clearTimeout(this.#timer);
    const reason = clientGone();
    this.#lookups.abort(reason);
    this.#execution.abort(reason);
  }

  /** The answer is complete: lookups that still run are stopped, since nobody waits for them. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    if (this.#onClientGone) this.#client?.removeEventListener("abort", this.#onClientGone);
    this.#lookups.abort(requestEnded);
    this.#endListener?.();
  }

  #onDeadline(timeoutMs: number, backstopMs: number): void {
    this.#ending = "deadline";
    const reason = deadlinePassed(timeoutMs);
    this.#timer = setTimeout(() => this.#execution.abort(reason), backstopMs);
    this.#lookups.abort(reason);
  }
}

/** A signal that is made when it is first asked for: most requests end before anybody did. */
class LazySignal {
  #controller: AbortController | undefined;
  /** The first one stays. */
  #reason: DOMException | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: DOMException): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
