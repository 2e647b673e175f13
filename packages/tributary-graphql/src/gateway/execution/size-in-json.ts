export interface JsonSize {
  readonly values: number;
  /** In characters. */
  readonly bytes: number;
}

/**
 * Estimates the size of an object in JSON. Counting ends when it exceeds what is left. No method or getter is called: an object
 * with a `toJSON` counts by its properties, and binary data by the numbers in its JSON. A circular object has size 0: it cannot
 * be written as JSON, and its field fails then.
 */
export function sizeInJson(value: object, left: JsonSize): JsonSize {
  let values = 0;
  let bytes = 0;
  const ancestors = new Set<object>();
  const stack: unknown[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next instanceof End) ancestors.delete(next.of);
    else if (typeof next === "string") bytes += next.length + 3;
    else if (typeof next !== "object" || next === null) bytes += 5;
    else if (ArrayBuffer.isView(next)) bytes += next.byteLength * 4;
    else {
      if (ancestors.has(next)) return emptySize;
      ancestors.add(next);
      stack.push(new End(next));
      const inside = insideOf(next);
      values += inside.values.length;
      bytes += inside.bytes + 2;
      if (values <= left.values) for (const each of inside.values) stack.push(each ?? null);
    }
    if (values > left.values || bytes > left.bytes) break;
  }
  return { values, bytes };
}

const emptySize: JsonSize = { values: 0, bytes: 0 };

/** Marks the end of an object's values on the stack. */
class End {
  readonly of: object;

  constructor(of: object) {
    this.of = of;
  }
}

function insideOf(value: object): { readonly values: readonly unknown[]; readonly bytes: number } {
  if (Array.isArray(value)) return { values: value, bytes: 0 };
  const values: unknown[] = [];
  let bytes = 0;
  for (const name of Object.keys(value)) {
    values.push(Object.getOwnPropertyDescriptor(value, name)?.value);
    bytes += name.length + 4;
  }
  return { values, bytes };
}
