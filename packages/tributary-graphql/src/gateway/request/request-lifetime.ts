import { clientGone, deadlinePassed, requestEnded } from "./abort-reasons.ts";
import type { Deadline, DeadlineOwner, Deadlines } from "./deadlines.ts";

/** How long after its deadline a request that is still not answered is cut off, in milliseconds. */
export const backstopMs = 100;

export interface LifetimeOptions {
  /** Says how far ahead the deadline lies. */
  readonly deadlines: Deadlines;
  /** How long after the deadline the executor may take to put the partial answer together, in milliseconds. */
  readonly backstopMs: number;
  /** Aborted when the client leaves. Default: the owner calls `leave`. */
  readonly client?: AbortSignal | undefined;
}

export type Ending = "deadline" | "client-gone";

/** A resource that a request holds until it ends. */
export interface Held {
  release(): void;
}

/**
 * The lifetime of a request, as two signals.
 *
 * `signal` is for calls to sources: it is aborted when the client leaves, at the deadline, and when the request has ended.
 * `executionSignal` is for the executor: it is aborted when the client leaves, so that no more resolvers start, but at the
 * deadline only after a grace period. Stopped at once, the executor would drop the partial answer; this way the calls
 * fail their own fields, and the executor delivers the others. The grace period is for resolvers that ignore the signal.
 *
 * Both are made when they are read. `end()` must be called: it clears the deadline and the listener.
 */
export class RequestLifetime implements DeadlineOwner {
  readonly #calls = new LazySignal();
  readonly #execution = new LazySignal();
  readonly #deadlines: Deadlines;
  readonly #backstopMs: number;
  #deadline: Deadline | undefined;
  #backstop: NodeJS.Timeout | undefined;
  readonly #client: AbortSignal | undefined;
  readonly #onClientGone: (() => void) | undefined;
  #clientGone: AbortController | undefined;
  #held: Held[] | undefined;
  #ending: Ending | undefined;
  #ended = false;
  #deadlineListener: (() => void) | undefined;

  constructor({ deadlines, backstopMs, client }: LifetimeOptions, deadline?: Deadline) {
    this.#deadlines = deadlines;
    this.#backstopMs = backstopMs;
    this.#deadline = deadline ?? deadlines.add(this);
    this.#deadline.owner = this;
    if (client === undefined) return;
    this.#client = client;
    this.#onClientGone = () => this.leave();
    if (client.aborted) this.leave();
    else client.addEventListener("abort", this.#onClientGone);
  }

  get signal(): AbortSignal {
    return this.#calls.signal;
  }

  get executionSignal(): AbortSignal {
    return this.#execution.signal;
  }

  /** Why the request was cut short; undefined while it runs and after it has run to its end. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Aborted when the client leaves, and by nothing else. */
  get clientSignal(): AbortSignal {
    this.#clientGone ??= new AbortController();
    if (this.#ending === "client-gone") this.#clientGone.abort(clientGone());
    return this.#clientGone.signal;
  }

  /** How long the request may take, in milliseconds. */
  get timeoutMs(): number {
    return this.#deadlines.timeoutMs;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Milliseconds until the deadline, never below 0; `Infinity` once it is lifted. */
  remainingMs(): number {
    return this.#deadline ? Math.max(0, this.#deadline.at - performance.now()) : Number.POSITIVE_INFINITY;
  }

  /** Removes the deadline: a subscription stays open for as long as its client. */
  liftDeadline(): void {
    this.#stopTime();
    this.#deadline = undefined;
  }

  /** Has this released when the request has ended, however it ends: at once if it has. `release` must not throw. */
  hold(held: Held): void {
    if (this.#ended) held.release();
    else if (this.#held === undefined) this.#held = [held];
    else this.#held.push(held);
  }

  /**
   * Separates the client from the execution, when other requests subscribe to it. The new lifetime is the
   * client's and has its deadline; this one continues for the others.
   */
  split(): RequestLifetime {
    const options = { deadlines: this.#deadlines, backstopMs: this.#backstopMs };
    const clients = new RequestLifetime(options, this.#deadline);
    this.#deadline = this.#deadlines.add(this);
    return clients;
  }

  /** Starts the deadline again, for one more subscriber. */
  extend(): void {
    this.#stopTime();
    this.#deadline = this.#deadlines.add(this);
  }

  /** Called once, when the deadline has passed. There is one listener: the last one that was set. */
  onLate(listener: () => void): void {
    this.#deadlineListener = listener;
  }

  /** The client has left: stop everything. */
  leave(): void {
    if (this.#ended || this.#ending === "client-gone") return;
    this.#ending = "client-gone";
    this.#stopTime();
    const reason = clientGone();
    this.#calls.abort(reason);
    this.#execution.abort(reason);
    this.#clientGone?.abort(reason);
  }

  /** The answer is complete: pending calls to sources are cancelled. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopTime();
    if (this.#onClientGone) this.#client?.removeEventListener("abort", this.#onClientGone);
    this.#calls.abort(requestEnded);
    for (const held of this.#held ?? []) held.release();
    this.#held = undefined;
  }

  /** The deadline has passed: calls to sources stop now, resolvers that ignore their signal after the grace period. */
  onDeadline(): void {
    if (this.#ended || this.#ending !== undefined) return;
    this.#stopTime();
    this.#ending = "deadline";
    const reason = deadlinePassed(this.#deadlines.timeoutMs);
    this.#backstop = setTimeout(() => this.#execution.abort(reason), this.#backstopMs);
    this.#calls.abort(reason);
    this.#deadlineListener?.();
  }

  #stopTime(): void {
    if (this.#deadline) this.#deadlines.remove(this.#deadline);
    clearTimeout(this.#backstop);
  }
}

/** A signal that is made when it is first read: most requests end before. */
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
