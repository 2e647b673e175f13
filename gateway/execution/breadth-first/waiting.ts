import type { Execution } from "./execution.ts";
import type { FieldPlaces, Place, Places } from "./places.ts";

/** What is done with a value when it has come; `kept` is what was put aside for it. */
export type Resume = (execution: Execution, places: Places, key: number, value: unknown, kept: unknown) => void;

/** Promises of one field, or of its lists' items, of all objects of a level: waited for together. */
export class Waiting {
  /** The field that all of it belongs to. */
  readonly root: FieldPlaces;
  readonly resume: Resume;
  readonly places: Places[] = [];
  readonly keys: number[] = [];
  readonly promises: Promise<unknown>[] = [];
  readonly kept: unknown[] = [];
  /** What had come already when the execution was aborted while it waited for the others: by number. */
  early: Set<number> | undefined;
  #distinctPlaces: ReadonlySet<Places> | undefined;

  constructor(root: FieldPlaces, resume: Resume) {
    this.root = root;
    this.resume = resume;
  }

  add(places: Places, key: number, promise: PromiseLike<unknown>, kept: unknown): void {
    this.places.push(places);
    this.keys.push(key);
    // What only looks like a promise may do its work each time that it is asked: it is asked once.
    this.promises.push(promise instanceof Promise ? promise : Promise.resolve(promise));
    this.kept.push(kept);
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
    const early = new Set<number>();
    this.early = early;
    const pending = Promise.resolve(stillPending);
    for (const [index, promise] of this.promises.entries()) {
      Promise.race([promise, pending]).then(
        (value) => value !== stillPending && early.add(index),
        () => undefined,
      );
    }
  }
}

const stillPending = Symbol("still pending");

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}

/** For a promise that nobody will wait for: one that is rejected unheard would end the process. */
export function ignoreRejection(value: unknown): void {
  if (isPromiseLike(value)) value.then(undefined, () => undefined);
}
