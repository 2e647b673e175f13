/**
 * Makes a value and everything in it unchangeable, so that what one reader does with it cannot reach another one.
 * @returns about how many bytes of memory it takes; undefined where it cannot be made so: a `Date`, a `Map` or an object
 * of a class of its own has a state that freezing does not hold. A part of it is frozen then all the same.
 */
export function freezeDeeply(value: unknown): number | undefined {
  const freezing = new Freezing();
  return freezing.add(value) && freezing.run() ? freezing.bytes : undefined;
}

/** A list instead of recursion: what a service sends may be nested deeper than the stack allows. */
class Freezing {
  bytes = 0;
  readonly #open: object[] = [];
  /** Objects that were frozen before, by their schema or because they occur twice. */
  #met: Set<object> | undefined;

  add(value: unknown): boolean {
    if (typeof value === "string") this.bytes += 24 + value.length;
    else if (typeof value === "number") this.bytes += Number.isInteger(value) ? 8 : 24;
    else if (typeof value !== "object" || value === null) this.bytes += 8;
    else this.#open.push(value);
    return typeof value !== "function";
  }

  run(): boolean {
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      if (!this.#isMet(next) && !this.#freeze(next)) return false;
    }
    return true;
  }

  #isMet(value: object): boolean {
    if (!Object.isFrozen(value)) return false;
    this.#met ??= new Set();
    const isMet = this.#met.has(value);
    this.#met.add(value);
    return isMet;
  }

  #freeze(value: object): boolean {
    if (Array.isArray(value)) {
      this.bytes += 32;
      for (const item of value) if (!this.add(item)) return false;
    } else {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) return false;
      const items = Object.values(value);
      this.bytes += 64 + (items.length > mostInShape ? items.length * tableEntryBytes : 0);
      for (const item of items) if (!this.add(item)) return false;
    }
    Object.freeze(value);
    return true;
  }
}

/** An object with more properties has a table of its own for them, and not a shape that it shares with others. */
const mostInShape = 64;
/** With the name, of which there is mostly no other one. */
const tableEntryBytes = 80;
