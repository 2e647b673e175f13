export interface JsonSize {
  readonly values: number;
  /** In characters. */
  readonly bytes: number;
}

/**
 * About how large an object is in JSON, counted no further than to what is left. Nothing of it is called: what has a
 * `toJSON` counts like its properties, and bytes like the numbers that JSON makes of them. What leads back to itself has
 * no size: JSON cannot be made of it, and its field fails for that when it is written.
 */
export function sizeInJson(value: object, left: JsonSize): JsonSize {
  let values = 0;
  let bytes = 0;
  const around = new Set<object>();
  const stack: unknown[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next instanceof End) around.delete(next.of);
    else if (typeof next === "string") bytes += next.length + 3;
    else if (typeof next !== "object" || next === null) bytes += 5;
    else if (ArrayBuffer.isView(next)) bytes += next.byteLength * 4;
    else {
      if (around.has(next)) return nothing;
      around.add(next);
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

const nothing: JsonSize = { values: 0, bytes: 0 };

/** Stands behind the values of an object: when it is met, they were all counted. */
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
