import { types } from "node:util";

/** Most values that are looked at for one execution: about a millisecond. */
const maxLooks = 20_000;

/** Items of a list that cost as much as one look: most are no objects, and passed over. */
const itemsPerLook = 16;

/**
 * Listens to the promises within values that nobody reads, or not yet: a promise that is rejected unheard would end the
 * process. Nothing of the values is called, no getter and no method, so that what those would give is not found.
 *
 * Every object is looked at once, and at most 20,000 for one execution: a value may be any size, and most hold no promise.
 */
export class UnreadValues {
  /** Made when there is something to look at: most executions leave nothing unread. */
  #seen: WeakSet<object> | undefined;
  #looksLeft = maxLooks;

  /** Never throws: an object that cannot be looked into is left alone. */
  listenWithin(value: unknown): void {
    if (!isObject(value)) return;
    this.#seen ??= new WeakSet();
    const stack: object[] = [value];
    for (let next = stack.pop(); next !== undefined && this.#looksLeft > 0; next = stack.pop()) {
      if (this.#seen.has(next)) continue;
      this.#seen.add(next);
      this.#looksLeft--;
      try {
        this.#look(next, stack);
      } catch {
        // A proxy may throw when it is looked into. Whoever reads it gets to know.
      }
    }
  }

  #look(value: object, stack: object[]): void {
    if (types.isPromise(value)) {
      Promise.prototype.then.call(
        value,
        (outcome) => this.listenWithin(outcome),
        (reason) => this.listenWithin(reason),
      );
    } else if (Array.isArray(value)) {
      this.#takeItems(value, value.length, stack);
    } else if (types.isSet(value)) {
      this.#takeItems(Set.prototype.values.call(value), setSize.call(value), stack);
    } else if (types.isMap(value)) {
      this.#takeItems(Map.prototype.values.call(value), mapSize.call(value), stack);
      this.#takeItems(Map.prototype.keys.call(value), mapSize.call(value), stack);
    } else if (!isBinary(value)) {
      this.#takeProperties(value, stack);
    }
  }

  #takeItems(items: Iterable<unknown>, count: number, stack: object[]): void {
    this.#looksLeft -= Math.ceil(count / itemsPerLook);
    if (this.#looksLeft <= 0) return;
    for (const item of items) if (isObject(item)) stack.push(item);
  }

  #takeProperties(value: object, stack: object[]): void {
    for (const name of Reflect.ownKeys(value)) {
      if (--this.#looksLeft <= 0) return;
      const property: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
      if (isObject(property)) stack.push(property);
    }
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Bytes and texts have a property for each, and hold no promise. */
const isBinary = (value: object): boolean =>
  ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value) || types.isBoxedPrimitive(value);

const setSize = sizeOf(Set.prototype);
const mapSize = sizeOf(Map.prototype);

/** The getter itself: a subclass may have another, which would be called. */
function sizeOf(prototype: object): () => number {
  return Object.getOwnPropertyDescriptor(prototype, "size")?.get as () => number;
}
