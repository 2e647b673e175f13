import { asGraphQLError } from "../execution/incremental-payloads.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { backstopMs } from "../request/start-request.ts";
import type { Answer } from "../streaming/payload.ts";
import { isPublic } from "../streaming/publish.ts";
import { SharedAnswer } from "./shared-answer.ts";
import type { Turn } from "./turn.ts";

/** A request that waits for a flight. */
export interface Waiter {
  /** Ended by its own answer. */
  readonly request: GraphQLRequest;
  /** Its run was the one that is executed; from here on it has one of its own, which only waits. */
  stepAside(): void;
  /** Gets the answer. Does not throw. */
  deliver(answer: SharedAnswer): void;
  /** Its deadline has passed, and what is executed goes on for others. Does not throw. */
  deliverLate(): void;
}

export interface FlightEvents {
  /** Called once: nobody can join any more. */
  onDone(): void;
  /** The deadline of one who waits has passed. May be called again. */
  onLate(): void;
}

/**
 * One execution, and the requests that wait for it. It goes on until the last of them has its answer, has left, or is
 * late: whoever asked first may go, and nobody's deadline is changed by somebody else's.
 *
 * A deadline that passes while others still have time gets no partial answer, since nothing was stopped yet that could
 * hand one over; those that pass within a moment of the last one do.
 */
export class Flight {
  readonly #execution: GraphQLRequest;
  readonly #waiters = new Set<Waiter>();
  readonly #events: FlightEvents;
  /** On the clock of `performance.now()`. */
  readonly #isOpenUntil: number;
  readonly #turn: Turn;
  #isShared = false;
  #isDone = false;
  /** The answer, for those who join until the turn ends. */
  #kept: SharedAnswer | undefined;

  /**
   * @param first whose run is executed
   * @param turn the present one
   */
  constructor(first: Waiter, answer: Promise<Answer>, turn: Turn, events: FlightEvents) {
    this.#execution = first.request;
    this.#turn = turn;
    this.#waiters.add(first);
    this.#events = events;
    this.#isOpenUntil = performance.now() + first.request.lifetime.remainingMs();
    first.request.lifetime.onLate(() => events.onLate());
    answer.then(
      (value) => this.#deliver(value),
      (error: unknown) => this.#deliver({ errors: [asGraphQLError(error)] }),
    );
  }

  /**
   * Whether another one may wait for it: not when what is executed was stopped already, nor when it has had the time of
   * one request. Each who joins gives it more, so without that a source that hangs would hold up all who ever ask.
   */
  get isOpen(): boolean {
    if (this.#kept !== undefined) return true;
    if (this.#isDone || this.#execution.lifetime.ending !== undefined) return false;
    return performance.now() < this.#isOpenUntil;
  }

  /** One more request. It may get its answer at once. */
  join(waiter: Waiter): void {
    if (this.#kept !== undefined) {
      waiter.request.waitFor(this.#execution);
      waiter.deliver(this.#kept);
      return;
    }
    if (!this.#isShared) this.#share();
    waiter.request.waitFor(this.#execution);
    this.#execution.lifetime.extend();
    this.#add(waiter);
  }

  /** A client has left. With the last one everything stops. */
  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#stop();
    else if (this.#leftMs() === 0) this.#execution.lifetime.onDeadline();
  }

  #share(): void {
    this.#isShared = true;
    for (const first of this.#waiters) {
      first.stepAside();
      this.#add(first);
    }
  }

  #add(waiter: Waiter): void {
    this.#waiters.add(waiter);
    waiter.request.lifetime.onLate(() => this.#onLate(waiter));
  }

  /** How much time the last of them still has. */
  #leftMs(): number {
    return Math.max(...Array.from(this.#waiters, ({ request }) => request.lifetime.remainingMs()));
  }

  #onLate(waiter: Waiter): void {
    const leftMs = this.#leftMs();
    if (leftMs === 0) this.#execution.lifetime.onDeadline();
    if (leftMs <= backstopMs) return;
    this.#events.onLate();
    this.#waiters.delete(waiter);
    waiter.deliverLate();
  }

  #deliver(answer: Answer): void {
    if (this.#isDone) return;
    const shared = new SharedAnswer(answer, this.#isShared);
    if (!this.#turn.isOver && isPublic(shared.payload)) this.#keep(shared);
    else this.#close();
    for (const waiter of this.#waiters) waiter.deliver(shared);
    this.#execution.lifetime.end();
  }

  /** An answer that took no turn of the event loop, for the others that have come in the same one. */
  #keep(shared: SharedAnswer): void {
    this.#isDone = true;
    this.#kept = this.#isShared ? shared : new SharedAnswer(shared.payload, true);
    this.#turn.onEnd(() => {
      this.#kept = undefined;
      this.#events.onDone();
    });
  }

  #stop(): void {
    if (this.#isDone) return;
    this.#close();
    this.#execution.lifetime.leave();
    this.#execution.lifetime.end();
  }

  #close(): void {
    this.#isDone = true;
    this.#events.onDone();
  }
}
