/** Longer texts are not remembered: no ordinary client sends one. */
const maxLength = 500;

/**
 * The same function, which remembers what it made of each text. For headers of which clients send one of a few values
 * again and again; a value that it makes must not be changed.
 *
 * @param maxEntries when so many are remembered, all of them are forgotten. Default 100.
 */
export function remembered<Value>(
  make: (text: string | null | undefined) => Value,
  maxEntries = 100,
): (text: string | null | undefined) => Value {
  const known = new Map<string | null | undefined, { readonly value: Value }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found.value;
    const value = make(text);
    if (text != null && text.length > maxLength) return value;
    if (known.size >= maxEntries) known.clear();
    known.set(text, { value });
    return value;
  };
}
