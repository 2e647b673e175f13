import type { Execution } from "./execution.ts";
import type { FieldPlaces, Place, Places } from "./places.ts";

/** What is done with a value when it has come; `kept` is what was put aside for it. */
export type Resume = (execution: Execution, places: Places, key: number, value: unknown, kept: unknown) => void;

/** Who is told what comes of the promises. */
export interface Waiter {
  /** All have come. */
  onSettled(waiting: Waiting): void;
  /** One was rejected at a place that may not be null: where that is fatal for others, they need not be waited for. */
  onFatal(waiting: Waiting, awaited: Awaited): void;
}

/** One promise, and the place that its value is for. */
export class Awaited implements Place {
  readonly places: Places;
  readonly key: number;
  readonly promise: Promise<unknown>;
  readonly kept: unknown;
  state: "pending" | "fulfilled" | "rejected" | "done" = "pending";
  /** What has come: a value, or the reason of a rejection. */
  outcome: unknown = undefined;
  /** Whether it had come when the execution was aborted. */
  isEarly = false;
  /** Whether the promises in its value have been listened to. */
  isHeard = false;

  constructor(places: Places, key: number, promise: Promise<unknown>, kept: unknown) {
    this.places = places;
    this.key = key;
    this.promise = promise;
    this.kept = kept;
  }
}

/**
 * Promises of one field, or of its lists' items, of all objects of a level: waited for together. That way the next level
 * is whole, and how often a source is called for it does not depend on which of them came first.
 */
export class Waiting {
  /** The field that all of it belongs to. */
  readonly root: FieldPlaces;
  readonly resume: Resume;
  readonly all: Awaited[] = [];
  #waiter: Waiter | undefined;
  #pendingCount = 0;
  #heardCount = 0;
  #isPartlyArrived = false;
  /** How many of the first promises nobody wants the value of any more. */
  #goneCount = 0;
  #distinctPlaces: ReadonlySet<Places> | undefined;

  constructor(root: FieldPlaces, resume: Resume) {
    this.root = root;
    this.resume = resume;
  }

  add(places: Places, key: number, promise: PromiseLike<unknown>, kept: unknown): void {
    // What only looks like a promise, or is one of its own kind, may answer at once, or throw.
    const real = Promise.resolve(promise);
    this.all.push(new Awaited(places, key, real, kept));
  }

  /** For a pause before they are waited for: one that is rejected in it would end the process. */
  ignoreRejections(): void {
    while (this.#heardCount < this.all.length) ignoreRejections(this.all[this.#heardCount++]?.promise);
  }

  begin(waiter: Waiter): void {
    const { all } = this;
    this.#waiter = waiter;
    this.#pendingCount = all.length;
    if (hasRepetitions(all)) this.#listenOnce();
    else for (let index = 0; index < all.length; index++) this.#listen(all[index] as Awaited);
  }

  get distinctPlaces(): ReadonlySet<Places> {
    this.#distinctPlaces ??= new Set(this.all.map(({ places }) => places));
    return this.#distinctPlaces;
  }

  /** Whether nobody wants any of it any more. A place that is gone stays so: none is looked at again and again. */
  isGone(isPlaceGone: (place: Place) => boolean): boolean {
    const { all } = this;
    while (this.#goneCount < all.length && isPlaceGone(all[this.#goneCount] as Awaited)) this.#goneCount++;
    return this.#goneCount === all.length;
  }

  /** To be called at an abort: what has come until then belongs to the partial answer. */
  keepEarly(): void {
    for (const awaited of this.all) awaited.isEarly = awaited.state !== "pending";
  }

  /** For what has come, when it is known that others have not; see `PartlyArrived`. */
  listenToArrived(): void {
    this.#isPartlyArrived = false;
    for (const awaited of this.all) {
      if (awaited.state !== "fulfilled" || awaited.isHeard) continue;
      awaited.isHeard = true;
      ignoreRejections(awaited.outcome);
    }
  }

  #listen(awaited: Awaited): void {
    awaited.promise.then(
      (value) => this.#fulfil(awaited, value),
      (reason) => this.#reject(awaited, reason),
    );
  }

  /** A loader that remembers gives one promise to all who ask for a key. */
  #listenOnce(): void {
    const byPromise = Map.groupBy(this.all, ({ promise }) => promise);
    for (const [promise, group] of byPromise) {
      promise.then(
        (value) => {
          for (const awaited of group) this.#fulfil(awaited, value);
        },
        (reason) => {
          for (const awaited of group) this.#reject(awaited, reason);
        },
      );
    }
  }

  #fulfil(awaited: Awaited, value: unknown): void {
    awaited.outcome = value;
    awaited.state = "fulfilled";
    if (--this.#pendingCount === 0) this.#settle();
    else if (!this.#isPartlyArrived) this.#arrivePartly();
  }

  #reject(awaited: Awaited, reason: unknown): void {
    awaited.outcome = reason;
    awaited.state = "rejected";
    --this.#pendingCount;
    if (awaited.places.shape.isNonNull) this.#waiter?.onFatal(this, awaited);
    if (this.#pendingCount === 0) this.#settle();
  }

  #arrivePartly(): void {
    this.#isPartlyArrived = true;
    partlyArrived.add(this);
  }

  #settle(): void {
    if (this.#isPartlyArrived) partlyArrived.delete(this);
    this.#waiter?.onSettled(this);
  }
}

/**
 * A value that has come may hold promises itself. They are looked at when the others have come as well; one that is
 * rejected before would end the process. Values that all come in one turn of the event loop need no such care, which is
 * what this waits for: one look at the end of the turn for all that still wait then.
 */
class PartlyArrived {
  readonly #waiting = new Set<Waiting>();
  #isScheduled = false;

  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.#listen());
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  #listen(): void {
    this.#isScheduled = false;
    for (const waiting of this.#waiting) waiting.listenToArrived();
    this.#waiting.clear();
  }
}

const partlyArrived = new PartlyArrived();

/** Judged by the first few: where a loader repeats its promises, it does so all along. */
function hasRepetitions(all: readonly Awaited[]): boolean {
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

/**
 * For a value that nobody looks at, or not yet: a promise that it holds, in a list or a property, and that is rejected
 * unheard would end the process. Nothing is called for it, and nothing made.
 *
 * @param seen promises and lists that were met on the way here: objects may lead back to themselves
 */
export function ignoreRejections(value: unknown, seen?: Set<object>): void {
  if (typeof value !== "object" || value === null || seen?.has(value)) return;
  try {
    listenWithin(value, seen);
  } catch {
    // What cannot be looked into, a proxy that throws for one, is for whoever uses it.
  }
}

function listenWithin(value: object, seen = new Set<object>()): void {
  if (value instanceof Promise) {
    seen.add(value);
    value.then(
      (outcome) => ignoreRejections(outcome, seen),
      () => undefined,
    );
  } else if (Array.isArray(value) || value instanceof Set) {
    seen.add(value);
    value.forEach((item: unknown) => {
      ignoreRejections(item, seen);
    });
  } else {
    for (const property of dataProperties(value)) if (property instanceof Promise) ignoreRejections(property, seen);
  }
}

function* dataProperties(value: object): Generator<unknown, void, void> {
  for (const name of Object.keys(value)) yield Object.getOwnPropertyDescriptor(value, name)?.value;
}
