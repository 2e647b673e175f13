import type { GraphQLObjectType } from "graphql";
import type { UnreadValues } from "./unread-values.ts";

/** A value whose object type is not known yet. */
export interface Untyped {
  readonly value: unknown;
  /** Undefined until `resolveType` has named one. */
  readonly type: GraphQLObjectType | undefined;
}

/**
 * The function that continues with a value when its promise has settled. `untyped` is the value in question, where the promise
 * was for its type. It is stored and compared here, so the type of its execution is left open.
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
  readonly unread: UnreadValues;
  /** Some have settled in this event-loop tick, or the last one has. */
  onArrived(pending: PendingValues<Positions>): void;
}

/** One promise and the response position of its value. */
export class PendingValue<Positions> {
  /** Its number among the pending values of its group. */
  readonly index: number;
  readonly positions: Positions;
  readonly key: number;
  readonly promise: Promise<unknown>;
  readonly untyped: Untyped | undefined;
  state: "pending" | "fulfilled" | "rejected" | "done" = "pending";
  /** The value, or the reason of the rejection. */
  outcome: unknown = undefined;
  /** Whether it had settled when the execution was aborted. */
  settledBeforeAbort = false;

  constructor(
    index: number,
    positions: Positions,
    key: number,
    promise: Promise<unknown>,
    untyped: Untyped | undefined,
  ) {
    this.index = index;
    this.positions = positions;
    this.key = key;
    this.promise = promise;
    this.untyped = untyped;
  }
}

/**
 * Promises of one field, or of the items of its lists, of all objects of a level. Those that settle in one event-loop tick are
 * completed together, as the keys of one batch are: they form one next level, so the number of calls to a source does not
 * depend on the length of a list.
 *
 * None waits until the others have settled. A value is read in the tick in which it came, so that each promise in it has a
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
  #heardCount = 0;
  /** Settled values that were not taken yet. */
  #arrived: PendingValue<Positions>[] = [];
  #isScheduled = false;
  /** Whether the promises within values without a type have rejection handlers. */
  #isHeard = false;
  /** How many of the first values are pruned. */
  #goneCount = 0;
  #distinctPositions: ReadonlySet<Positions> | undefined;

  constructor(root: Positions["root"], resume: Resume<Positions>) {
    this.root = root;
    this.resume = resume;
  }

  /** Whether all have settled. */
  get isSettled(): boolean {
    return this.#pendingCount === 0;
  }

  add(positions: Positions, key: number, promise: PromiseLike<unknown>, untyped: Untyped | undefined): void {
    // A thenable of another library may call back at once, or throw.
    const real = Promise.resolve(promise);
    this.all.push(new PendingValue(this.all.length, positions, key, real, untyped));
  }

  /** Before a pause: an unhandled rejection during it would end the process. */
  listenBefore(): void {
    while (this.#heardCount < this.all.length) this.all[this.#heardCount++]?.promise.catch(ignore);
  }

  begin(owner: PendingValuesOwner<Positions>): void {
    const { all } = this;
    this.#owner = owner;
    this.#pendingCount = all.length;
    if (hasRepetitions(all)) this.#listenOnce();
    else for (let index = 0; index < all.length; index++) this.#listen(all[index] as PendingValue<Positions>);
    if (all[0]?.untyped !== undefined) this.#schedule();
  }

  /** The values that have settled since the last call, in the order of their positions. */
  takeArrived(): readonly PendingValue<Positions>[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return isInOrder(arrived) ? arrived : arrived.sort((one, other) => one.index - other.index);
  }

  /** Before a pause, after which the settled values are completed. */
  listenToArrived(): void {
    for (const { outcome } of this.#arrived) this.#owner?.unread.listenWithin(outcome);
  }

  get distinctPositions(): ReadonlySet<Positions> {
    this.#distinctPositions ??= new Set(this.all.map(({ positions }) => positions));
    return this.#distinctPositions;
  }

  /** Whether null propagation has made all of their positions null. One that is null stays so, and is not checked again. */
  isGone(errors: { isGone(position: PendingValue<Positions>): boolean }): boolean {
    const { all } = this;
    for (; this.#goneCount < all.length; this.#goneCount++) {
      const pendingValue = all[this.#goneCount] as PendingValue<Positions>;
      if (pendingValue.state !== "done" && !errors.isGone(pendingValue)) return false;
    }
    return true;
  }

  /** To be called at an abort: values that have settled until then belong to the partial answer. */
  markSettled(): void {
    for (const pendingValue of this.#arrived) pendingValue.settledBeforeAbort = true;
  }

  /** Treats all pending values as settled. */
  giveUp(): void {
    for (const pendingValue of this.all) if (pendingValue.state === "pending") this.#arrived.push(pendingValue);
  }

  #listen(pendingValue: PendingValue<Positions>): void {
    pendingValue.promise.then(
      (value) => this.#arrive(pendingValue, "fulfilled", value),
      (reason) => this.#arrive(pendingValue, "rejected", reason),
    );
  }

  /** A loader caches: it returns one promise for all requests of a key. */
  #listenOnce(): void {
    const byPromise = Map.groupBy(this.all, ({ promise }) => promise);
    for (const [promise, group] of byPromise) {
      promise.then(
        (value) => {
          for (const pendingValue of group) this.#arrive(pendingValue, "fulfilled", value);
        },
        (reason) => {
          for (const pendingValue of group) this.#arrive(pendingValue, "rejected", reason);
        },
      );
    }
  }

  #arrive(pendingValue: PendingValue<Positions>, state: "fulfilled" | "rejected", outcome: unknown): void {
    this.#pendingCount--;
    if (pendingValue.state === "done") {
      this.#owner?.unread.listenWithin(outcome);
      return;
    }
    pendingValue.outcome = outcome;
    pendingValue.state = state;
    this.#arrived.push(pendingValue);
    // Mostly all values settle in one tick, which then needs no further one.
    if (this.#pendingCount === 0) this.#owner?.onArrived(this);
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    atEndOfTick.add(this);
  }

  /** The tick is over, and not all have settled. */
  endTick(): void {
    this.#isScheduled = false;
    if (this.#arrived.length > 0) this.#owner?.onArrived(this);
    if (this.#isHeard || this.all[0]?.untyped === undefined) return;
    this.#isHeard = true;
    for (const { state, untyped } of this.all)
      if (state === "pending") this.#owner?.unread.listenWithin(untyped?.value);
  }
}

interface EndOfTickListener {
  endTick(): void;
}

/**
 * Calls its listeners when all promise callbacks of an event-loop tick have run, before Node looks for unhandled rejections.
 */
class EndOfTick {
  #pending: EndOfTickListener[] = [];

  add(pending: EndOfTickListener): void {
    if (this.#pending.push(pending) === 1) process.nextTick(() => this.#run());
  }

  #run(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const each of pending) each.endTick();
  }
}

const atEndOfTick = new EndOfTick();

const ignore = (): void => undefined;

function isInOrder(all: readonly PendingValue<unknown>[]): boolean {
  let last = -1;
  for (const { index } of all) {
    if (index < last) return false;
    last = index;
  }
  return true;
}

/** Decided by the first few: a loader that repeats its promises does so throughout. */
function hasRepetitions(all: readonly PendingValue<unknown>[]): boolean {
  const few = Math.min(all.length, 12);
  for (let index = 1; index < few; index++) {
    for (let before = 0; before < index; before++) {
      if (all[before]?.promise === all[index]?.promise) return true;
    }
  }
  return false;
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}
