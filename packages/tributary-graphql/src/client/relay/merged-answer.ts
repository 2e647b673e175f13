import type { Path } from "./payload.ts";

/** All that has come of an answer, put together. */
export class MergedAnswer {
  #root: unknown;

  constructor(data: unknown) {
    this.#root = structuredClone(data);
  }

  /** A copy of what there is at a path; undefined where there is nothing. */
  at(path: Path): unknown {
    return structuredClone(this.#find(path));
  }

  /** How many items a list has. Zero for anything but a list. */
  lengthAt(path: Path): number {
    const list = this.#find(path);
    return Array.isArray(list) ? list.length : 0;
  }

  /** Adds fields to the object at a path. What other parts brought there stays. */
  merge(path: Path, data: object): void {
    this.#root = merged(this.#root, nested(path, structuredClone(data)));
  }

  append(path: Path, item: unknown): void {
    const list = this.#find(path);
    if (Array.isArray(list)) list.push(structuredClone(item));
  }

  #find(path: Path): unknown {
    return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), this.#root);
  }
}

type Fields = Record<string | number, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** `["a", 1]` and a value make `{ a: { 1: value } }`, which `merged` puts into a list as well. */
const nested = (path: Path, value: unknown): unknown => path.reduceRight((inner, key) => ({ [key]: inner }), value);

/** Lists are merged item by item. Changes and gives the target. */
function merged(target: unknown, source: unknown): unknown {
  if (!isObject(target) || !isObject(source)) return source;
  for (const [key, value] of Object.entries(source)) {
    // No field is called so, but a scalar of JSON can have it, and `target[key]` would be what all objects inherit.
    if (key !== "__proto__") target[key] = merged(target[key], value);
  }
  return target;
}
