import { onAbort } from "../abort-listeners.ts";
import type { Places } from "./places.ts";

/** One who waits for a call. */
export interface Waiter {
  /** Aborted when this one waits no longer; says nothing about the others. */
  readonly signal: AbortSignal;
  /** The share of the service's places that this one's request may fill. */
  readonly turns: Places;
  /** The call has begun, or had already. `isShared` for all but the one that it is made for. */
  onDeparture(isShared: boolean): void;
}

export interface FlightOptions<Answer> {
  /** The service's places for calls. The one that a flight has is its own and not a waiter's. */
  readonly places: Places;
  readonly call: (signal: AbortSignal) => Promise<Answer>;
  /** The flight has ended in whatever way: no newcomer may join. */
  readonly onOver: () => void;
}

/** A waiter and what it gets. */
interface Seat<Answer> {
  readonly waiter: Waiter;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
  /** Stops listening to the waiter's signal. */
  removeListener(): void;
  endTurn: (() => void) | undefined;
}

/**
 * One call and everyone who waits for its answer. It starts when the first of them has a turn, is shared by whoever
 * comes while it lasts, and is aborted when the last one has gone.
 */
export class Flight<Answer> {
  readonly #options: FlightOptions<Answer>;
  readonly #seats = new Set<Seat<Answer>>();
  readonly #abandoned = new AbortController();
  #state: "boarding" | "queued" | "departed" | "over" = "boarding";
  #giveBackPlace: (() => void) | undefined;

  constructor(options: FlightOptions<Answer>) {
    this.#options = options;
  }

  /**
   * The answer, for a waiter whose signal is not aborted yet.
   * @throws the waiter's own reason as soon as its signal is aborted; what the call failed with otherwise
   */
  wait(waiter: Waiter): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const removeListener = onAbort(waiter.signal, () => {
      this.#vacate(seat);
      reject(waiter.signal.reason);
    });
    const seat: Seat<Answer> = { waiter, resolve, reject, removeListener, endTurn: undefined };
    this.#seats.add(seat);
    if (this.#state === "departed") waiter.onDeparture(true);
    if (this.#state === "boarding") seat.endTurn = waiter.turns.take(() => this.#enqueue());
    return promise;
  }

  #enqueue(): void {
    if (this.#state !== "boarding") return;
    this.#state = "queued";
    this.#giveBackPlace = this.#options.places.take(() => this.#depart());
  }

  #depart(): void {
    this.#state = "departed";
    let isShared = false;
    for (const { waiter } of this.#seats) {
      waiter.onDeparture(isShared);
      isShared = true;
    }
    this.#options.call(this.#abandoned.signal).then(
      (answer) => this.#end((seat) => seat.resolve(answer)),
      (error: unknown) => this.#end((seat) => seat.reject(error)),
    );
  }

  /** The place is given back last, so that whoever gets it finds the connection free. */
  #vacate(seat: Seat<Answer>): void {
    this.#seats.delete(seat);
    if (this.#seats.size === 0 && this.#state !== "over") {
      this.#state = "over";
      this.#options.onOver();
      this.#abandoned.abort(nobodyWaits);
      this.#giveBackPlace?.();
    }
    seat.endTurn?.();
  }

  /** First over, then settled: whoever comes from now on starts a call of its own and does not share a failure. */
  #end(settle: (seat: Seat<Answer>) => void): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#options.onOver();
    this.#giveBackPlace?.();
    for (const seat of this.#seats) {
      seat.removeListener();
      settle(seat);
      seat.endTurn?.();
    }
  }
}

/** One for all: making a `DOMException` captures a stack. */
const nobodyWaits = new DOMException("Nobody waits for this call any more.", "AbortError");
