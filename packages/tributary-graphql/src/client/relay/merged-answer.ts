import type { Path } from "./payload.ts";

/** The merged data of all payloads of a result. */
export class MergedAnswer {
  #root: unknown;

  constructor(data: unknown) {
    this.#root = structuredClone(data);
  }

  /** A copy of the value at a path; undefined if there is none. */
  at(path: Path): unknown {
    return structuredClone(this.#find(path));
  }

  /** The number of items of the list at a path; 0 for another value. */
  lengthAt(path: Path): number {
    const list = this.#find(path);
    return Array.isArray(list) ? list.length : 0;
  }

  /** Deeply merges fields into the object at a path. */
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

/** `{ a: { 1: value } }` for the path `["a", 1]`, which `merged` can merge into a list too. */
const nested = (path: Path, value: unknown): unknown => path.reduceRight((inner, key) => ({ [key]: inner }), value);

/** Merges lists item by item. Changes the target and returns it. */
function merged(target: unknown, source: unknown): unknown {
  if (!isObject(target) || !isObject(source)) return source;
  for (const [key, value] of Object.entries(source)) {
    // A JSON scalar may have this key, and `target[key]` would be the prototype of all objects.
    if (key !== "__proto__") target[key] = merged(target[key], value);
  }
  return target;
}
