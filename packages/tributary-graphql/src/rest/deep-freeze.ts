/**
 * Freezes a value and everything in it, so that readers that share it cannot change it for each other.
 * @returns the approximate size of the value in bytes; undefined for a value that cannot be frozen deeply, because a
 * `Date`, a `Map` or an object of a class has state that freezing does not protect. Parts of such a value may have been
 * frozen.
 */
export function deepFreeze(value: unknown): number | undefined {
  const freezer = new Freezer();
  return freezer.add(value) && freezer.freezeAll() ? freezer.bytes : undefined;
}

/** Uses a stack of its own instead of recursion, because a body may be nested deeper than the call stack allows. */
class Freezer {
  bytes = 0;
  readonly #stack: object[] = [];
  /** Visited objects that were frozen before: by their schema, or because they occur twice. */
  #visited: Set<object> | undefined;

  /** False for a value that cannot be frozen. */
  add(value: unknown): boolean {
    if (typeof value === "string") this.bytes += 24 + value.length;
    else if (typeof value === "number") this.bytes += Number.isInteger(value) ? 8 : 24;
    else if (typeof value !== "object" || value === null) this.bytes += 8;
    else this.#stack.push(value);
    return typeof value !== "function";
  }

  freezeAll(): boolean {
    for (let next = this.#stack.pop(); next !== undefined; next = this.#stack.pop()) {
      if (!this.#isVisited(next) && !this.#freeze(next)) return false;
    }
    return true;
  }

  #isVisited(value: object): boolean {
    if (!Object.isFrozen(value)) return false;
    this.#visited ??= new Set();
    const isVisited = this.#visited.has(value);
    this.#visited.add(value);
    return isVisited;
  }

  #freeze(value: object): boolean {
    if (Array.isArray(value)) {
      this.bytes += 32;
      for (const item of value) if (!this.add(item)) return false;
    } else {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) return false;
      const items = Object.values(value);
      this.bytes += 64 + (items.length > maxShapeProperties ? items.length * dictionaryEntryBytes : 0);
      for (const item of items) if (!this.add(item)) return false;
    }
    Object.freeze(value);
    return true;
  }
}

/** V8 stores the properties of a larger object in a dictionary of its own instead of a shared shape. */
const maxShapeProperties = 64;
/** Includes the name of the property. */
const dictionaryEntryBytes = 80;
