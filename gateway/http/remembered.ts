/**
 * The same function, which remembers what it made of the last texts. For headers: clients send one of few values, which
 * one of many is not worth the memory.
 *
 * @param maxEntries after so many, everything is forgotten. Default 100.
 */
export function remembered<Value>(
  make: (text: string | null | undefined) => Value,
  maxEntries = 100,
): (text: string | null | undefined) => Value {
  const known = new Map<string | null | undefined, Value>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined || known.has(text)) return value as Value;
    // A text that no ordinary client sends is not kept: a hundred of them would hold on to a megabyte of headers.
    if (text != null && text.length > 500) return make(text);
    if (known.size >= maxEntries) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
