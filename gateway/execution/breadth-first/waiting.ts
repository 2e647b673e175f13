import type { Execution } from "./execution.ts";
import type { FieldPlaces, Place, Places } from "./places.ts";

/** What is done with a value when it has come; `kept` is what was put aside for it. */
export type Resume = (execution: Execution, places: Places, key: number, value: unknown, kept: unknown) => void;

/** Who is told what comes of the promises. */
export interface Waiter {
  /** All have come. */
  onSettled(waiting: Waiting): void;
  /** One was rejected at a place that may not be null: where that is fatal for others, they need not be waited for. */
  onFatal(waiting: Waiting, index: number): void;
}

/**
 * Promises of one field, or of its lists' items, of all objects of a level: waited for together. That way the next level
 * is whole, and how often a source is called for it does not depend on which of them came first.
 */
export class Waiting {
  /** The field that all of it belongs to. */
  readonly root: FieldPlaces;
  readonly resume: Resume;
  readonly places: Places[] = [];
  readonly keys: number[] = [];
  readonly kept: unknown[] = [];
  /** What has come so far: a value, or the reason of a rejection. */
  readonly values: unknown[] = [];
  readonly states: State[] = [];
  /** What had come when the execution was aborted: by number. */
  early: ReadonlySet<number> | undefined;
  readonly #promises: Promise<unknown>[] = [];
  #waiter: Waiter | undefined;
  #pendingCount = 0;
  #arrived: unknown[] | undefined;
  #distinctPlaces: ReadonlySet<Places> | undefined;

  constructor(root: FieldPlaces, resume: Resume) {
    this.root = root;
    this.resume = resume;
  }

  add(places: Places, key: number, promise: PromiseLike<unknown>, kept: unknown): void {
    this.places.push(places);
    this.keys.push(key);
    this.kept.push(kept);
    // What only looks like a promise may answer at once, or throw.
    this.#promises.push(promise instanceof Promise ? promise : Promise.resolve(promise));
    this.values.push(undefined);
    this.states.push("pending");
  }

  begin(waiter: Waiter): void {
    this.#waiter = waiter;
    this.#pendingCount = this.#promises.length;
    const promises = this.#promises;
    for (let index = 0; index < promises.length; index++) {
      (promises[index] as Promise<unknown>).then(
        (value) => this.#fulfil(index, value),
        (reason) => this.#reject(index, reason),
      );
    }
  }

  get distinctPlaces(): ReadonlySet<Places> {
    this.#distinctPlaces ??= new Set(this.places);
    return this.#distinctPlaces;
  }

  everyPlace(holds: (place: Place) => boolean): boolean {
    return this.places.every((places, index) => holds({ places, key: this.keys[index] as number }));
  }

  /** To be called at an abort: what has come until then belongs to the partial answer. */
  keepEarly(): void {
    this.early = new Set(this.states.flatMap((state, index) => (state === "pending" ? [] : [index])));
  }

  #fulfil(index: number, value: unknown): void {
    this.values[index] = value;
    this.states[index] = "fulfilled";
    if (--this.#pendingCount === 0) this.#waiter?.onSettled(this);
    else if (typeof value === "object" && value !== null) this.#listenTo(value);
  }

  #reject(index: number, reason: unknown): void {
    this.values[index] = reason;
    this.states[index] = "rejected";
    --this.#pendingCount;
    if (this.places[index]?.shape.isNonNull) this.#waiter?.onFatal(this, index);
    if (this.#pendingCount === 0) this.#waiter?.onSettled(this);
  }

  /**
   * A value that has come may hold promises itself. They are looked at when the others have come; one that is rejected
   * before would end the process. Values that come in the same turn need no such care.
   */
  #listenTo(value: object): void {
    if (this.#arrived) {
      this.#arrived.push(value);
      return;
    }
    this.#arrived = [value];
    process.nextTick(() => {
      if (this.#pendingCount > 0) for (const each of this.#arrived ?? []) ignoreRejections(each);
      this.#arrived = undefined;
    });
  }
}

type State = "pending" | "fulfilled" | "rejected" | "done";

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}

/**
 * For a value that nobody looks at, or not yet: a promise that it holds, in a list or a property, and that is rejected
 * unheard would end the process. Nothing is called for it, and nothing made.
 */
export function ignoreRejections(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Promise) value.then(ignoreRejections, () => undefined);
  else if (Array.isArray(value) || value instanceof Set) value.forEach(ignoreRejections);
  else for (const property of dataProperties(value)) if (property instanceof Promise) ignoreRejections(property);
}

function* dataProperties(value: object): Generator<unknown, void, void> {
  for (const name of Object.keys(value)) yield Object.getOwnPropertyDescriptor(value, name)?.value;
}
