import type { GraphQLObjectType } from "graphql";
import type { UnreadValues } from "./unread-values.ts";

/** A value whose type is being decided. */
export interface Untyped {
  readonly value: unknown;
  /** The object type that it is said to have; undefined while nobody has named one. */
  readonly type: GraphQLObjectType | undefined;
}

/**
 * What is done with a value when it has come; `untyped` is the value that it is about, where it is no value itself. It is
 * only kept and compared here, so the type of the execution that it takes is left open.
 */
export type Resume<Places, Execution = never> = (
  execution: Execution,
  places: Places,
  key: number,
  value: unknown,
  untyped: Untyped | undefined,
) => void;

/** Where the promises of a field belong: the field itself, or a list in it. */
export interface PendingPositions {
  readonly root: unknown;
}

/** Who is told what comes of the promises. */
export interface Waiter<Places extends PendingPositions> {
  readonly unread: UnreadValues;
  /** Some have come in this turn of the event loop, or the last one has. */
  onArrived(waiting: Waiting<Places>): void;
}

/** One promise, and the place that its value is for. */
export class Awaited<Places> {
  /** Its number among those that are waited for together. */
  readonly index: number;
  readonly places: Places;
  readonly key: number;
  readonly promise: Promise<unknown>;
  readonly untyped: Untyped | undefined;
  state: "pending" | "fulfilled" | "rejected" | "done" = "pending";
  /** What has come: a value, or the reason of a rejection. */
  outcome: unknown = undefined;
  /** Whether it had come when the execution was aborted. */
  isEarly = false;

  constructor(index: number, places: Places, key: number, promise: Promise<unknown>, untyped: Untyped | undefined) {
    this.index = index;
    this.places = places;
    this.key = key;
    this.promise = promise;
    this.untyped = untyped;
  }
}

/**
 * Promises of one field, or of its lists' items, of all objects of a level. Those that come in one turn of the event loop
 * are gone on with together, as the keys of one batch are: the next level of them is one, and how often a source is called
 * for it does not follow the length of a list.
 *
 * None is held until the others have come. What a value holds is read in the turn that it came in, so that somebody
 * listens to each promise in it, and nothing waits for the slowest of its neighbours.
 */
export class Waiting<Places extends PendingPositions> {
  /** The field that all of it belongs to. */
  readonly root: Places["root"];
  readonly resume: Resume<Places>;
  readonly all: Awaited<Places>[] = [];
  #waiter: Waiter<Places> | undefined;
  #pendingCount = 0;
  /** How many promises have been listened to before they are waited for. */
  #heardCount = 0;
  /** What has come and was not gone on with. */
  #arrived: Awaited<Places>[] = [];
  #isScheduled = false;
  /** Whether the values that wait for their types have been listened to. */
  #isHeard = false;
  /** How many of the first promises nobody waits for any more. */
  #goneCount = 0;
  #distinctPlaces: ReadonlySet<Places> | undefined;

  constructor(root: Places["root"], resume: Resume<Places>) {
    this.root = root;
    this.resume = resume;
  }

  /** Whether all have come. */
  get isSettled(): boolean {
    return this.#pendingCount === 0;
  }

  add(places: Places, key: number, promise: PromiseLike<unknown>, untyped: Untyped | undefined): void {
    // What only looks like a promise, or is one of its own kind, may answer at once, or throw.
    const real = Promise.resolve(promise);
    this.all.push(new Awaited(this.all.length, places, key, real, untyped));
  }

  /** For a pause before they are waited for: one that is rejected in it would end the process. */
  listenBefore(): void {
    while (this.#heardCount < this.all.length) this.all[this.#heardCount++]?.promise.catch(ignore);
  }

  begin(waiter: Waiter<Places>): void {
    const { all } = this;
    this.#waiter = waiter;
    this.#pendingCount = all.length;
    if (hasRepetitions(all)) this.#listenOnce();
    else for (let index = 0; index < all.length; index++) this.#listen(all[index] as Awaited<Places>);
    if (all[0]?.untyped !== undefined) this.#schedule();
  }

  /** What has come since this was last asked, in the order of the places. */
  takeArrived(): readonly Awaited<Places>[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return isInOrder(arrived) ? arrived : arrived.sort((one, other) => one.index - other.index);
  }

  /** For a pause, after which what has come is gone on with. */
  listenToArrived(): void {
    for (const { outcome } of this.#arrived) this.#waiter?.unread.listenWithin(outcome);
  }

  get distinctPlaces(): ReadonlySet<Places> {
    this.#distinctPlaces ??= new Set(this.all.map(({ places }) => places));
    return this.#distinctPlaces;
  }

  /** Whether nobody waits for any of it any more. A place that is gone stays so: none is looked at again and again. */
  isGone(errors: { isGone(place: Awaited<Places>): boolean }): boolean {
    const { all } = this;
    for (; this.#goneCount < all.length; this.#goneCount++) {
      const awaited = all[this.#goneCount] as Awaited<Places>;
      if (awaited.state !== "done" && !errors.isGone(awaited)) return false;
    }
    return true;
  }

  /** To be called at an abort: what has come until then belongs to the partial answer. */
  keepEarly(): void {
    for (const awaited of this.#arrived) awaited.isEarly = true;
  }

  /** Takes all that has not come for arrived as well. */
  giveUp(): void {
    for (const awaited of this.all) if (awaited.state === "pending") this.#arrived.push(awaited);
  }

  #listen(awaited: Awaited<Places>): void {
    awaited.promise.then(
      (value) => this.#arrive(awaited, "fulfilled", value),
      (reason) => this.#arrive(awaited, "rejected", reason),
    );
  }

  /** A loader that remembers gives one promise to all who ask for a key. */
  #listenOnce(): void {
    const byPromise = Map.groupBy(this.all, ({ promise }) => promise);
    for (const [promise, group] of byPromise) {
      promise.then(
        (value) => {
          for (const awaited of group) this.#arrive(awaited, "fulfilled", value);
        },
        (reason) => {
          for (const awaited of group) this.#arrive(awaited, "rejected", reason);
        },
      );
    }
  }

  #arrive(awaited: Awaited<Places>, state: "fulfilled" | "rejected", outcome: unknown): void {
    this.#pendingCount--;
    if (awaited.state === "done") {
      this.#waiter?.unread.listenWithin(outcome);
      return;
    }
    awaited.outcome = outcome;
    awaited.state = state;
    this.#arrived.push(awaited);
    // What comes in one turn mostly is all there is, and needs no further one.
    if (this.#pendingCount === 0) this.#waiter?.onArrived(this);
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    atEndOfTurn.add(this);
  }

  /** The turn is over, and not all have come. */
  endTurn(): void {
    this.#isScheduled = false;
    if (this.#arrived.length > 0) this.#waiter?.onArrived(this);
    if (this.#isHeard || this.all[0]?.untyped === undefined) return;
    this.#isHeard = true;
    for (const { state, untyped } of this.all)
      if (state === "pending") this.#waiter?.unread.listenWithin(untyped?.value);
  }
}

interface EndOfTickListener {
  endTurn(): void;
}

/**
 * Runs when the promises of a turn of the event loop have all been heard, and before Node looks for rejections that nobody
 * listens to.
 */
class EndOfTurn {
  #waiting: EndOfTickListener[] = [];

  add(waiting: EndOfTickListener): void {
    if (this.#waiting.push(waiting) === 1) process.nextTick(() => this.#run());
  }

  #run(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.endTurn();
  }
}

const atEndOfTurn = new EndOfTurn();

const ignore = (): void => undefined;

function isInOrder(all: readonly Awaited<unknown>[]): boolean {
  let last = -1;
  for (const { index } of all) {
    if (index < last) return false;
    last = index;
  }
  return true;
}

/** Judged by the first few: where a loader repeats its promises, it does so all along. */
function hasRepetitions(all: readonly Awaited<unknown>[]): boolean {
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
