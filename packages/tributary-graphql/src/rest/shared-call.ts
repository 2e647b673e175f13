import { onAbort } from "../core/abort-listeners.ts";
import type { Places } from "./places.ts";

/** A read that waits for a call. */
export interface Waiter {
  /** Aborted when this one waits no longer; says nothing about the others. */
  readonly signal: AbortSignal;
  /** The share of the service's places that this one's request may fill. */
  readonly turns: Places;
  /** The call has begun, or had already. `isShared` for all but the one that it is made for. */
  onDeparture(isShared: boolean): void;
}

/** The service has as many calls as it may, and as many wait as may wait. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/** What a waiter gets: the first answer of the calls that it waits for, or the failure of the last of them. */
export class Wait<Answer> {
  readonly waiter: Waiter;
  readonly promise: Promise<Answer>;
  readonly calls = new Set<SharedCall<Answer>>();
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #removeListener: () => void;

  constructor(waiter: Waiter) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.waiter = waiter;
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#removeListener = onAbort(waiter.signal, () => {
      this.#leaveCalls();
      reject(waiter.signal.reason);
    });
  }

  succeed(answer: Answer): void {
    this.#removeListener();
    this.#resolve(answer);
    this.#leaveCalls();
  }

  /** One of its calls has failed. */
  failIn(call: SharedCall<Answer>, reason: unknown): void {
    this.calls.delete(call);
    if (this.calls.size > 0) return;
    this.#removeListener();
    this.#reject(reason);
  }

  #leaveCalls(): void {
    for (const call of this.calls) call.remove(this);
    this.calls.clear();
  }
}

export interface SharedCallOptions<Answer> {
  /** The service's places for calls. The one that a call has is its own and not a waiter's. */
  readonly places: Places;
  /** Most calls that may wait for a place. */
  readonly maxQueue: number;
  /** Age in milliseconds from which nobody joins the call, and from which those who joined wait for another one too. */
  readonly maxJoinAgeMs: number;
  readonly call: (signal: AbortSignal) => Promise<Answer>;
  /** The call is too old for those who have joined it. */
  readonly onTooOld: (joined: readonly Wait<Answer>[]) => void;
  readonly onSuccess: (answer: Answer) => void;
  /** The call has ended in whatever way. */
  readonly onOver: () => void;
}

/**
 * One call and everyone who waits for its answer. It starts when the first of them has a turn, is shared with whoever
 * comes while it is not too old, and is aborted when the last one has gone.
 */
export class SharedCall<Answer> {
  readonly #options: SharedCallOptions<Answer>;
  /** With what gives back the turn of each, in the order of coming. */
  readonly #waits = new Map<Wait<Answer>, () => void>();
  readonly #abandoned = new AbortController();
  #state: "new" | "queued" | "running" | "over" = "new";
  #startedAt = 0;
  #isTooOld = false;
  /** The one that the call was started for. */
  #owner: Wait<Answer> | undefined;
  #ageTimer: NodeJS.Timeout | undefined;
  #giveBackPlace: (() => void) | undefined;

  constructor(options: SharedCallOptions<Answer>) {
    this.#options = options;
  }

  /** A call that has not started is not old, however long it is queued. */
  get isJoinable(): boolean {
    if (this.#state !== "running") return true;
    return !this.#isTooOld && performance.now() - this.#startedAt < this.#options.maxJoinAgeMs;
  }

  add(wait: Wait<Answer>): void {
    wait.calls.add(this);
    this.#waits.set(wait, nothing);
    if (this.#state === "running") {
      wait.waiter.onDeparture(true);
      this.#watchAge();
    }
    if (this.#state !== "new") return;
    const endTurn = wait.waiter.turns.take(() => this.#enqueue());
    // It may be over already, where the queue is full.
    if (this.#waits.has(wait)) this.#waits.set(wait, endTurn);
    else endTurn();
  }

  /** The place is given back before the turn, so that whoever gets it finds the connection free. */
  remove(wait: Wait<Answer>): void {
    const endTurn = this.#waits.get(wait);
    this.#waits.delete(wait);
    if (this.#waits.size === 0 && this.#state !== "over") {
      this.#finish();
      this.#abandoned.abort(nobodyWaits);
      this.#giveBackPlace?.();
    }
    endTurn?.();
  }

  /** A later call has answered what this one was made for. */
  supersede(answer: Answer): void {
    if (this.#state === "over") return;
    this.#succeed(answer);
    this.#abandoned.abort(nobodyWaits);
  }

  #enqueue(): void {
    if (this.#state !== "new") return;
    const { places, maxQueue } = this.#options;
    this.#state = "queued";
    this.#giveBackPlace = places.take(() => this.#start());
    if (this.#isQueued() && places.queueLength > maxQueue) this.#fail(new QueueFullError("too many calls are waiting"));
  }

  /** A method, because `take` may have started the call, which the compiler does not see. */
  #isQueued(): boolean {
    return this.#state === "queued";
  }

  #start(): void {
    this.#state = "running";
    this.#startedAt = performance.now();
    for (const wait of this.#waits.keys()) {
      wait.waiter.onDeparture(this.#owner !== undefined);
      this.#owner ??= wait;
    }
    if (this.#waits.size > 1) this.#watchAge();
    this.#options.call(this.#abandoned.signal).then(
      (answer) => {
        if (this.#state === "over") return;
        this.#options.onSuccess(answer);
        this.#succeed(answer);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #watchAge(): void {
    const { maxJoinAgeMs, onTooOld } = this.#options;
    if (this.#ageTimer !== undefined || maxJoinAgeMs === Number.POSITIVE_INFINITY) return;
    const remainingMs = Math.max(0, maxJoinAgeMs - (performance.now() - this.#startedAt));
    this.#ageTimer = setTimeout(() => {
      this.#isTooOld = true;
      const joined = [...this.#waits.keys()].filter((wait) => wait !== this.#owner);
      if (joined.length > 0) onTooOld(joined);
    }, remainingMs).unref();
  }

  #succeed(answer: Answer): void {
    this.#end((wait) => wait.succeed(answer));
  }

  #fail(reason: unknown): void {
    this.#end((wait) => wait.failIn(this, reason));
  }

  /** First over, then settled: whoever comes from now on starts a call of its own and does not share a failure. */
  #end(settle: (wait: Wait<Answer>) => void): void {
    if (this.#state === "over") return;
    this.#finish();
    this.#giveBackPlace?.();
    const waits = [...this.#waits];
    this.#waits.clear();
    for (const [wait, endTurn] of waits) {
      settle(wait);
      endTurn();
    }
  }

  #finish(): void {
    this.#state = "over";
    clearTimeout(this.#ageTimer);
    this.#options.onOver();
  }
}

const nothing = (): void => undefined;

/** One for all: making a `DOMException` captures a stack. */
const nobodyWaits = new DOMException("Nobody waits for this call any more.", "AbortError");
