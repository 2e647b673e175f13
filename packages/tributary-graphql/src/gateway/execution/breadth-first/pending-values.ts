import { endOfTick } from "./end-of-tick.ts";
import { PendingValue, type Untyped } from "./pending-value.ts";
import type { RejectionHandlers } from "./rejection-handlers.ts";

/**
 * Continues with a value when its promise has settled. `untyped` is the value in question, where the promise was for its type.
 * The type of the execution is left open, since pending values only store and compare this function.
 */
export type Resume<Positions, Execution = never> = (
  execution: Execution,
  positions: Positions,
  key: number,
  value: unknown,
  untyped: Untyped | undefined,
) => void;

/** The positions of the promises of a field: the field itself, or a list in it. */
export interface PendingPositions {
  readonly root: unknown;
}

/** Continues when promises have settled. */
export interface PendingValuesOwner<Positions extends PendingPositions> {
  readonly rejectionHandlers: RejectionHandlers;
  /** Called when all have settled, and otherwise at the end of each tick in which some have. */
  onSettled(pending: PendingValues<Positions>): void;
}

/**
 * The promises of one field, or of the items of its lists, in all objects of a level. Those that settle in one tick, as the keys
 * of one batch do, are completed together: they form one next level, so the number of calls to a source does not depend on the
 * length of a list.
 *
 * None waits until the others have settled. A value is read in the tick in which it comes, so that each promise in it gets a
 * rejection handler, and no value waits for the slowest one beside it.
 */
export class PendingValues<Positions extends PendingPositions> {
  /** The field that all of them belong to. */
  readonly root: Positions["root"];
  readonly resume: Resume<Positions>;
  readonly all: PendingValue<Positions>[] = [];
  #owner: PendingValuesOwner<Positions> | undefined;
  #pendingCount = 0;
  /** How many promises have a rejection handler before `begin`. */
  #handledCount = 0;
  /** Settled values that were not taken yet. */
  #settled: PendingValue<Positions>[] = [];
  #isScheduled = false;
  /** Whether the promises within values without a type have rejection handlers. */
  #areUntypedHandled = false;
  /** How many of the first values are at positions that are null. */
  #nulledCount = 0;
  #distinctPositions: ReadonlySet<Positions> | undefined;

  constructor(root: Positions["root"], resume: Resume<Positions>) {
    this.root = root;
    this.resume = resume;
  }

  get areAllSettled(): boolean {
    return this.#pendingCount === 0;
  }

  add(positions: Positions, key: number, promise: PromiseLike<unknown>, untyped: Untyped | undefined): void {
    // A thenable of another library may call back at once, or throw.
    const real = Promise.resolve(promise);
    this.all.push(new PendingValue(this.all.length, positions, key, real, untyped));
  }

  /** Before a pause: an unhandled rejection during it would end the process. */
  handleRejections(): void {
    while (this.#handledCount < this.all.length) this.all[this.#handledCount++]?.promise.catch(ignore);
  }

  begin(owner: PendingValuesOwner<Positions>): void {
    const { all } = this;
    this.#owner = owner;
    this.#pendingCount = all.length;
    if (hasRepetitions(all)) this.#listenOncePerPromise();
    else for (let index = 0; index < all.length; index++) this.#listen(all[index] as PendingValue<Positions>);
    if (all[0]?.untyped !== undefined) this.#schedule();
  }

  /** The values that have settled since the last call, in the order of their positions. */
  takeSettled(): readonly PendingValue<Positions>[] {
    const settled = this.#settled;
    this.#settled = [];
    return isInOrder(settled) ? settled : settled.sort((one, other) => one.index - other.index);
  }

  /** Before a pause, after which the settled values are completed. */
  handleSettledRejections(): void {
    for (const { outcome } of this.#settled) this.#owner?.rejectionHandlers.addTo(outcome);
  }

  get distinctPositions(): ReadonlySet<Positions> {
    this.#distinctPositions ??= new Set(this.all.map(({ positions }) => positions));
    return this.#distinctPositions;
  }

  /** Whether null propagation has made all of their positions null. One that is null stays so, and is not checked again. */
  areAllNulled(errors: { isNulled(position: PendingValue<Positions>): boolean }): boolean {
    const { all } = this;
    for (; this.#nulledCount < all.length; this.#nulledCount++) {
      const pendingValue = all[this.#nulledCount] as PendingValue<Positions>;
      if (pendingValue.state !== "done" && !errors.isNulled(pendingValue)) return false;
    }
    return true;
  }

  /** To be called at an abort: values that have settled until then belong to the partial result. */
  markSettled(): void {
    for (const pendingValue of this.#settled) pendingValue.settledBeforeAbort = true;
  }

  /** Treats all pending values as settled. */
  giveUp(): void {
    for (const pendingValue of this.all) if (pendingValue.state === "pending") this.#settled.push(pendingValue);
  }

  #listen(pendingValue: PendingValue<Positions>): void {
    pendingValue.promise.then(
      (value) => this.#settle(pendingValue, "fulfilled", value),
      (reason) => this.#settle(pendingValue, "rejected", reason),
    );
  }

  /** A loader caches: it returns one promise for all uses of a key. */
  #listenOncePerPromise(): void {
    const byPromise = Map.groupBy(this.all, ({ promise }) => promise);
    for (const [promise, group] of byPromise) {
      promise.then(
        (value) => {
          for (const pendingValue of group) this.#settle(pendingValue, "fulfilled", value);
        },
        (reason) => {
          for (const pendingValue of group) this.#settle(pendingValue, "rejected", reason);
        },
      );
    }
  }

  #settle(pendingValue: PendingValue<Positions>, state: "fulfilled" | "rejected", outcome: unknown): void {
    this.#pendingCount--;
    if (pendingValue.state === "done") {
      this.#owner?.rejectionHandlers.addTo(outcome);
      return;
    }
    pendingValue.outcome = outcome;
    pendingValue.state = state;
    this.#settled.push(pendingValue);
    // Usually all values settle in one tick, whose end need not be awaited then.
    if (this.#pendingCount === 0) this.#owner?.onSettled(this);
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    endOfTick.add(this);
  }

  /** The tick is over, and not all have settled. */
  endTick(): void {
    this.#isScheduled = false;
    if (this.#settled.length > 0) this.#owner?.onSettled(this);
    if (this.#areUntypedHandled || this.all[0]?.untyped === undefined) return;
    this.#areUntypedHandled = true;
    for (const { state, untyped } of this.all)
      if (state === "pending") this.#owner?.rejectionHandlers.addTo(untyped?.value);
  }
}

const ignore = (): void => undefined;

function isInOrder(all: readonly PendingValue<unknown>[]): boolean {
  let last = -1;
  for (const { index } of all) {
    if (index < last) return false;
    last = index;
  }
  return true;
}

/** Checks the first few only: a loader that repeats its promises does so throughout. */
function hasRepetitions(all: readonly PendingValue<unknown>[]): boolean {
  const few = Math.min(all.length, 12);
  for (let index = 1; index < few; index++) {
    for (let before = 0; before < index; before++) {
      if (all[before]?.promise === all[index]?.promise) return true;
    }
  }
  return false;
}
