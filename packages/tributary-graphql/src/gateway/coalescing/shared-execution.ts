import { unexpectedError } from "../execution/execution-errors.ts";
import { setsCookie } from "../http/respond.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { backstopMs } from "../request/request-lifetime.ts";
import type { Answer, Payload } from "../streaming/payload.ts";
import { isPublic } from "../streaming/publish.ts";
import { SharedAnswer } from "./shared-answer.ts";

/** A request that waits for the answer of an execution. */
export interface Subscriber {
  /** Ended by its own answer. */
  readonly request: GraphQLRequest;
  /** The execution is of this request, and others have joined: from here on, `request` is another one, which only waits. */
  split(): void;
  /** Must not throw. */
  deliver(answer: SharedAnswer): void;
  /** The answer is for another client alone: executes the request by itself. Must not throw. */
  executeItself(): void;
  /** The subscriber's deadline has passed, and the execution continues for others. Must not throw. */
  deliverLate(): void;
}

export interface SharedExecutionEvents {
  /** The deadline of a subscriber has passed. May be called again. */
  onLate(): void;
  /** The answer is for the first client alone. */
  onPrivate(): void;
  /** Returns whether the answer is kept for those that join until `close` is called. */
  onAnswer(isPublic: boolean): boolean;
  /** Called once: no request can join any more. */
  onClose(): void;
}

/**
 * One execution and its subscribers. It continues until the last of them has its answer, has left, or is late: the first one
 * may leave, and no deadline is changed by another subscriber.
 *
 * A deadline that passes while others still have time gets no partial answer, since nothing was stopped that could deliver
 * one. Deadlines that pass shortly before the last one do.
 */
export class SharedExecution {
  readonly #execution: GraphQLRequest;
  readonly #subscribers = new Set<Subscriber>();
  readonly #events: SharedExecutionEvents;
  readonly #first: Subscriber;
  /** On the clock of `performance.now()`. */
  readonly #isOpenUntil: number;
  #isShared = false;
  #isDone = false;
  #answer: SharedAnswer | undefined;

  /** @param first its request is executed */
  constructor(first: Subscriber, answer: Promise<Answer>, events: SharedExecutionEvents) {
    this.#execution = first.request;
    this.#first = first;
    this.#subscribers.add(first);
    this.#events = events;
    this.#isOpenUntil = performance.now() + first.request.lifetime.remainingMs();
    first.request.lifetime.onLate(() => events.onLate());
    answer.then(
      (value) => this.#deliver(value),
      (error: unknown) => this.#deliver({ errors: [unexpectedError(error)] }),
    );
  }

  /**
   * Whether another request may join: not after the execution was stopped, nor after the time of one request. Each one that
   * joins extends the execution, so a source that hangs would otherwise hold up all that ever ask.
   */
  get isOpen(): boolean {
    if (this.#answer !== undefined) return true;
    if (this.#isDone || this.#execution.lifetime.ending !== undefined) return false;
    return performance.now() < this.#isOpenUntil;
  }

  /** It may be answered at once. */
  join(subscriber: Subscriber): void {
    subscriber.request.waitFor(this.#execution);
    if (this.#answer !== undefined) {
      subscriber.deliver(this.#answer);
      return;
    }
    if (!this.#isShared) this.#split();
    this.#execution.lifetime.extend();
    this.#add(subscriber);
  }

  /** A client has left. With the last one the execution stops. */
  leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#stop();
    else if (this.#leftMs() === 0) this.#execution.lifetime.onDeadline();
  }

  /** No request can join any more. */
  close(): void {
    this.#answer = undefined;
    this.#isDone = true;
    this.#events.onClose();
  }

  #split(): void {
    this.#isShared = true;
    for (const first of this.#subscribers) {
      first.split();
      this.#add(first);
    }
  }

  #add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    subscriber.request.lifetime.onLate(() => this.#onLate(subscriber));
  }

  /** Until the last deadline. */
  #leftMs(): number {
    return Math.max(...Array.from(this.#subscribers, ({ request }) => request.lifetime.remainingMs()));
  }

  #onLate(subscriber: Subscriber): void {
    const leftMs = this.#leftMs();
    if (leftMs === 0) this.#execution.lifetime.onDeadline();
    if (leftMs <= backstopMs) return;
    this.#events.onLate();
    this.#subscribers.delete(subscriber);
    subscriber.deliverLate();
  }

  #deliver(answer: Answer): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const shared = new SharedAnswer(answer, this.#isShared);
    if (setsCookie(shared.payload)) {
      this.#deliverPrivately(shared.payload);
      return;
    }
    if (this.#events.onAnswer(isPublic(shared.payload))) this.#answer = shared.isShared ? shared : shared.forOthers();
    else this.close();
    // Before the answer of the first subscriber, whose headers say what it has cost.
    this.#execution.charge?.release();
    for (const subscriber of this.#subscribers) subscriber.deliver(shared);
    this.#execution.lifetime.end();
  }

  /** A cookie names one client, so only the client whose request was executed gets it. */
  #deliverPrivately(payload: Payload): void {
    this.#events.onPrivate();
    this.close();
    this.#execution.charge?.release();
    for (const subscriber of this.#subscribers) {
      if (subscriber === this.#first) subscriber.deliver(new SharedAnswer(payload, false));
      else subscriber.executeItself();
    }
    this.#execution.lifetime.end();
  }

  #stop(): void {
    if (this.#isDone) return;
    this.close();
    this.#execution.lifetime.leave();
    this.#execution.lifetime.end();
  }
}
