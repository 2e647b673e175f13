import { onAbort } from "../core/abort-listeners.ts";
import type { Semaphore } from "./semaphore.ts";

/** A read that subscribes to the response of a call. */
export interface Subscriber {
  /** Aborted when this subscriber leaves. The other subscribers are not affected. */
  readonly signal: AbortSignal;
  /** Limits the concurrent calls of the subscriber's request. */
  readonly requestSemaphore: Semaphore;
  /** The call has started. `isShared` is false for the subscriber that it was started for, and true for all others. */
  onStart(isShared: boolean): void;
}

/** All permits are held, and the queue is full. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/**
 * Settles with the first response of the subscriber's calls, or with the error of the last call when all have failed.
 */
export class Subscription<TResponse> {
  readonly subscriber: Subscriber;
  readonly promise: Promise<TResponse>;
  readonly calls = new Set<SharedCall<TResponse>>();
  readonly #resolve: (response: TResponse) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #removeListener: () => void;

  constructor(subscriber: Subscriber) {
    const { promise, resolve, reject } = Promise.withResolvers<TResponse>();
    this.subscriber = subscriber;
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#removeListener = onAbort(subscriber.signal, () => {
      this.#leaveCalls();
      reject(subscriber.signal.reason);
    });
  }

  succeed(response: TResponse): void {
    this.#removeListener();
    this.#resolve(response);
    this.#leaveCalls();
  }

  /** One of its calls has failed. */
  onCallFailure(call: SharedCall<TResponse>, reason: unknown): void {
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

export interface SharedCallOptions<TResponse> {
  /** Limits the concurrent calls to the service. The permit belongs to the call and not to a subscriber. */
  readonly semaphore: Semaphore;
  /** The maximum number of calls that wait for a permit. */
  readonly maxQueue: number;
  /** Age in milliseconds from which no read joins the call, and the subscribers that joined it join a new call too. */
  readonly maxJoinAgeMs: number;
  readonly call: (signal: AbortSignal) => Promise<TResponse>;
  /** Called at `maxJoinAgeMs` with the subscriptions that joined the call after the one that it was started for. */
  readonly onTooOld: (subscriptions: readonly Subscription<TResponse>[]) => void;
  readonly onSuccess: (response: TResponse) => void;
  /** Called when the call has succeeded, failed, or been aborted. */
  readonly onEnd: () => void;
}

/**
 * One call and its subscribers. It starts when it has a permit of a subscriber's request and one of the service, can be
 * joined while it is younger than `maxJoinAgeMs`, and is aborted when the last subscriber has left.
 */
export class SharedCall<TResponse> {
  readonly #options: SharedCallOptions<TResponse>;
  /** Each with the function that releases its request's permit, in the order of joining. */
  readonly #subscriptions = new Map<Subscription<TResponse>, () => void>();
  readonly #abandoned = new AbortController();
  #state: "new" | "queued" | "pending" | "settled" = "new";
  #startedAt = 0;
  #isTooOld = false;
  /** The subscription that the call was started for. */
  #owner: Subscription<TResponse> | undefined;
  #ageTimer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;

  constructor(options: SharedCallOptions<TResponse>) {
    this.#options = options;
  }

  /** The age is counted from the start: a queued call can be joined however long it waits. */
  get isJoinable(): boolean {
    if (this.#state !== "pending") return true;
    return !this.#isTooOld && performance.now() - this.#startedAt < this.#options.maxJoinAgeMs;
  }

  add(subscription: Subscription<TResponse>): void {
    subscription.calls.add(this);
    this.#subscriptions.set(subscription, noop);
    if (this.#state === "pending") {
      subscription.subscriber.onStart(true);
      this.#watchAge();
    }
    if (this.#state !== "new") return;
    const releaseRequest = subscription.subscriber.requestSemaphore.acquire(() => this.#enqueue());
    // The call has failed already if the queue was full.
    if (this.#subscriptions.has(subscription)) this.#subscriptions.set(subscription, releaseRequest);
    else releaseRequest();
  }

  /**
   * Releases the service's permit before the request's, so that the next call of the request finds a free connection.
   */
  remove(subscription: Subscription<TResponse>): void {
    const releaseRequest = this.#subscriptions.get(subscription);
    this.#subscriptions.delete(subscription);
    if (this.#subscriptions.size === 0 && this.#state !== "settled") {
      this.#finish();
      this.#abandoned.abort(noSubscriber);
      this.#release?.();
    }
    releaseRequest?.();
  }

  /** A newer call for the same key has its response. */
  supersede(response: TResponse): void {
    if (this.#state === "settled") return;
    this.#succeed(response);
    this.#abandoned.abort(noSubscriber);
  }

  #enqueue(): void {
    if (this.#state !== "new") return;
    const { semaphore, maxQueue } = this.#options;
    this.#state = "queued";
    this.#release = semaphore.acquire(() => this.#start());
    if (this.#isQueued() && semaphore.queueLength > maxQueue)
      this.#fail(new QueueFullError("too many calls are queued"));
  }

  /** A method, because the compiler does not see that `acquire` may have changed the state. */
  #isQueued(): boolean {
    return this.#state === "queued";
  }

  #start(): void {
    this.#state = "pending";
    this.#startedAt = performance.now();
    for (const subscription of this.#subscriptions.keys()) {
      subscription.subscriber.onStart(this.#owner !== undefined);
      this.#owner ??= subscription;
    }
    if (this.#subscriptions.size > 1) this.#watchAge();
    this.#options.call(this.#abandoned.signal).then(
      (response) => {
        if (this.#state === "settled") return;
        this.#options.onSuccess(response);
        this.#succeed(response);
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
      const joined = [...this.#subscriptions.keys()].filter((subscription) => subscription !== this.#owner);
      if (joined.length > 0) onTooOld(joined);
    }, remainingMs).unref();
  }

  #succeed(response: TResponse): void {
    this.#end((subscription) => subscription.succeed(response));
  }

  #fail(reason: unknown): void {
    this.#end((subscription) => subscription.onCallFailure(this, reason));
  }

  /** Changes the state first, so that a read that comes while subscriptions settle starts a new call. */
  #end(settle: (subscription: Subscription<TResponse>) => void): void {
    if (this.#state === "settled") return;
    this.#finish();
    this.#release?.();
    const subscriptions = [...this.#subscriptions];
    this.#subscriptions.clear();
    for (const [subscription, releaseRequest] of subscriptions) {
      settle(subscription);
      releaseRequest();
    }
  }

  #finish(): void {
    this.#state = "settled";
    clearTimeout(this.#ageTimer);
    this.#options.onEnd();
  }
}

const noop = (): void => undefined;

/** Created once, because each new `DOMException` captures a stack. */
const noSubscriber = new DOMException("No subscriber is left.", "AbortError");
