import { LRUCache } from "lru-cache";

/** A longer text is not cached: no ordinary client sends one. */
const maxLength = 500;

/**
 * The same function with a cache of its results. For headers, of which clients send one of a few values again and again. The
 * results must not be changed.
 *
 * @param maxEntries the least recently used ones are dropped beyond. Default 100.
 */
export function memoized<Value>(
  make: (text: string | null | undefined) => Value,
  maxEntries = 100,
): (text: string | null | undefined) => Value {
  const results = new LRUCache<string, { readonly value: Value }>({ max: maxEntries });
  const ofNone = make(undefined);
  return (text) => {
    if (text === undefined || text === null) return ofNone;
    const known = results.get(text);
    if (known) return known.value;
    const value = make(text);
    if (text.length <= maxLength) results.set(text, { value });
    return value;
  };
}
