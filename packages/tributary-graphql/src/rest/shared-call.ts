import { onAbort } from "../core/abort-listeners.ts";
import type { Semaphore } from "./semaphore.ts";

/** A read that subscribes to the response of a call. */
export interface Subscriber {
  /** Aborted when this subscriber subscriptions no longer. The others are not affected. */
  readonly signal: AbortSignal;
  /** Limits the concurrent calls of the subscriber's request. */
  readonly requestSemaphore: Semaphore;
  /** The call starts, or had started already. `isShared` for all subscribers but the one that it was started for. */
  onStart(isShared: boolean): void;
}

/** The maximum number of calls are running, and the queue is full. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/** The response for one subscriber: the first one of its calls, or the failure of the last of them. */
export class Subscription<Response> {
  readonly subscriber: Subscriber;
  readonly promise: Promise<Response>;
  readonly calls = new Set<SharedCall<Response>>();
  readonly #resolve: (response: Response) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #removeListener: () => void;

  constructor(subscriber: Subscriber) {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.subscriber = subscriber;
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#removeListener = onAbort(subscriber.signal, () => {
      this.#leaveCalls();
      reject(subscriber.signal.reason);
    });
  }

  succeed(response: Response): void {
    this.#removeListener();
    this.#resolve(response);
    this.#leaveCalls();
  }

  /** One of its calls has failed. */
  failIn(call: SharedCall<Response>, reason: unknown): void {
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

export interface SharedCallOptions<Response> {
  /** Limits the concurrent calls to the service. The permit belongs to the call and not to a subscriber. */
  readonly semaphore: Semaphore;
  /** How many calls may subscription for a permit. */
  readonly maxQueue: number;
  /** Age in milliseconds from which no read subscribes to the call, and its later subscribers subscribe to a new one too. */
  readonly maxJoinAgeMs: number;
  readonly call: (signal: AbortSignal) => Promise<Response>;
  /** The call is too old for the subscribers that it was not started for. */
  readonly onTooOld: (subscriptions: readonly Subscription<Response>[]) => void;
  readonly onSuccess: (response: Response) => void;
  /** The call has ended in any way. */
  readonly onEnd: () => void;
}

/**
 * One call and its subscribers. It starts when the request of the first subscriber has a permit, takes further subscribers
 * while it is not too old, and is aborted when the last one has left.
 */
export class SharedCall<Response> {
  readonly #options: SharedCallOptions<Response>;
  /** Each with the release of its request's permit, in the order of subscribing. */
  readonly #subscriptions = new Map<Subscription<Response>, () => void>();
  readonly #abandoned = new AbortController();
  #state: "new" | "queued" | "pending" | "settled" = "new";
  #startedAt = 0;
  #isTooOld = false;
  /** The subscription that the call was started for. */
  #owner: Subscription<Response> | undefined;
  #ageTimer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;

  constructor(options: SharedCallOptions<Response>) {
    this.#options = options;
  }

  /** A call that has not started is not old, however long it has been queued. */
  get isJoinable(): boolean {
    if (this.#state !== "pending") return true;
    return !this.#isTooOld && performance.now() - this.#startedAt < this.#options.maxJoinAgeMs;
  }

  add(subscription: Subscription<Response>): void {
    subscription.calls.add(this);
    this.#subscriptions.set(subscription, nothing);
    if (this.#state === "pending") {
      subscription.subscriber.onStart(true);
      this.#watchAge();
    }
    if (this.#state !== "new") return;
    const releaseRequest = subscription.subscriber.requestSemaphore.acquire(() => this.#enqueue());
    // It may have failed already, where the queue is full.
    if (this.#subscriptions.has(subscription)) this.#subscriptions.set(subscription, releaseRequest);
    else releaseRequest();
  }

  /** The call's permit is released before that of the request, so that the next call finds a free connection. */
  remove(subscription: Subscription<Response>): void {
    const releaseRequest = this.#subscriptions.get(subscription);
    this.#subscriptions.delete(subscription);
    if (this.#subscriptions.size === 0 && this.#state !== "settled") {
      this.#finish();
      this.#abandoned.abort(noSubscriber);
      this.#release?.();
    }
    releaseRequest?.();
  }

  /** A later call for the same has its response. */
  supersede(response: Response): void {
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
      this.#fail(new QueueFullError("too many calls are waiting"));
  }

  /** A method, because `acquire` may have started the call, which the compiler does not see. */
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

  #succeed(response: Response): void {
    this.#end((subscription) => subscription.succeed(response));
  }

  #fail(reason: unknown): void {
    this.#end((subscription) => subscription.failIn(this, reason));
  }

  /** The state changes first: a read that comes from now on starts a new call and does not share a failure. */
  #end(settle: (subscription: Subscription<Response>) => void): void {
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

const nothing = (): void => undefined;

/** Made once: a new `DOMException` captures a stack. */
const noSubscriber = new DOMException("No subscriber subscriptions for this call any more.", "AbortError");
