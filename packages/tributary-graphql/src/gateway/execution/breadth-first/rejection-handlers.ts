import { types } from "node:util";

/** How many objects and properties are visited per execution: about a millisecond. */
const maxVisits = 20_000;

/** Items of a list that cost as much as one visit: most are no objects, and skipped. */
const itemsPerVisit = 16;

/**
 * Adds rejection handlers to promises within values that are never read, or later: an unhandled rejection would end the
 * process. No method or getter of a value is called, so promises behind those are not found.
 *
 * Each object is visited once, and at most 20,000 per execution: values may be large, and most contain no promise.
 */
export class RejectionHandlers {
  /** Made on demand: most executions read all values. */
  #seen: WeakSet<object> | undefined;
  #visitsLeft = maxVisits;

  /** Never throws: an object that cannot be inspected is skipped. */
  addTo(value: unknown): void {
    if (!isObject(value)) return;
    this.#seen ??= new WeakSet();
    const stack: object[] = [value];
    for (let next = stack.pop(); next !== undefined && this.#visitsLeft > 0; next = stack.pop()) {
      if (this.#seen.has(next)) continue;
      this.#seen.add(next);
      this.#visitsLeft--;
      try {
        this.#visit(next, stack);
      } catch {
        // A proxy may throw when it is inspected. Its reader gets an error.
      }
    }
  }

  #visit(value: object, stack: object[]): void {
    if (types.isPromise(value)) {
      Promise.prototype.then.call(
        value,
        (outcome) => this.addTo(outcome),
        (reason) => this.addTo(reason),
      );
    } else if (Array.isArray(value)) {
      this.#pushItems(value, value.length, stack);
    } else if (types.isSet(value)) {
      this.#pushItems(Set.prototype.values.call(value), setSize.call(value), stack);
    } else if (types.isMap(value)) {
      this.#pushItems(Map.prototype.values.call(value), mapSize.call(value), stack);
      this.#pushItems(Map.prototype.keys.call(value), mapSize.call(value), stack);
    } else if (!isBinary(value)) {
      this.#pushProperties(value, stack);
    }
  }

  #pushItems(items: Iterable<unknown>, count: number, stack: object[]): void {
    this.#visitsLeft -= Math.ceil(count / itemsPerVisit);
    if (this.#visitsLeft <= 0) return;
    for (const item of items) if (isObject(item)) stack.push(item);
  }

  #pushProperties(value: object, stack: object[]): void {
    for (const name of Reflect.ownKeys(value)) {
      if (--this.#visitsLeft <= 0) return;
      const property: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
      if (isObject(property)) stack.push(property);
    }
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Binary data and boxed strings have a property per element, and contain no promise. */
const isBinary = (value: object): boolean =>
  ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value) || types.isBoxedPrimitive(value);

const setSize = sizeOf(Set.prototype);
const mapSize = sizeOf(Map.prototype);

/** The built-in getter: a subclass may have another one, which must not be called. */
function sizeOf(prototype: object): () => number {
  return Object.getOwnPropertyDescriptor(prototype, "size")?.get as () => number;
}
