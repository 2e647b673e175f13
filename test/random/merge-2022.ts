import { isDeepStrictEqual } from "node:util";
import {
  InvalidStream,
  isObject,
  type Json,
  type JsonObject,
  kindOf,
  listAt,
  type Merged,
  objectAt,
  type Part,
  type Path,
  pathText,
  type ResponseError,
} from "./responses.ts";

interface Incremental {
  readonly path?: Path;
  readonly label?: string;
  readonly data?: JsonObject | null;
  readonly items?: readonly Json[] | null;
  readonly errors?: readonly ResponseError[];
}

export interface Payload2022 {
  readonly data?: Json;
  readonly errors?: readonly ResponseError[];
  readonly incremental?: readonly Incremental[];
  readonly hasNext?: boolean;
}

/**
 * Merges the payloads of the format of August 2022 (`incremental` with path and label), strictly: each path exists
 * before data is delivered to it, items continue at the end of the list, and a repeated field has an equal value.
 *
 * @throws InvalidStream at the first invalid payload
 */
export function merge2022(payloads: readonly Payload2022[]): Merged {
  const [initial, ...subsequent] = payloads;
  if (initial === undefined) throw new InvalidStream("Expected a first payload, got none.");
  const merge = new Merge2022(initial);
  for (const payload of subsequent) merge.add(payload);
  return merge.finish();
}

const initialKeys = new Set(["data", "errors", "hasNext", "extensions"]);
const subsequentKeys = new Set(["incremental", "hasNext", "extensions"]);
const incrementalKeys = new Set(["path", "label", "data", "items", "errors", "extensions"]);

class Merge2022 {
  readonly #data: Json;
  readonly #errors: ResponseError[] = [];
  readonly #parts: Part[] = [];
  /** Lists that an error has ended: further items are invalid. */
  readonly #ended = new Set<string>();
  #failures = 0;
  #hasNext: boolean;

  constructor(initial: Payload2022) {
    assertKeys(initial, initialKeys);
    if (initial.data === undefined) throw new InvalidStream("The first payload has no data.");
    this.#data = initial.data;
    this.#takeErrors(initial.errors);
    this.#hasNext = initial.hasNext ?? false;
  }

  add(payload: Payload2022): void {
    assertKeys(payload, subsequentKeys);
    if (!this.#hasNext) throw new InvalidStream("A payload came after hasNext: false.");
    if (typeof payload.hasNext !== "boolean") throw new InvalidStream("A payload has no hasNext.");
    if (payload.hasNext && !payload.incremental?.length) throw new InvalidStream("A payload delivers nothing.");
    this.#hasNext = payload.hasNext;
    for (const incremental of payload.incremental ?? []) this.#deliver(incremental);
  }

  finish(): Merged {
    if (this.#hasNext) throw new InvalidStream("The stream ended after hasNext: true.");
    return { data: this.#data, errors: this.#errors, parts: this.#parts, failures: this.#failures };
  }

  #deliver(incremental: Incremental): void {
    assertKeys(incremental, incrementalKeys);
    const { path, label, data, items, errors } = incremental;
    if (!Array.isArray(path)) throw new InvalidStream(`A path is ${kindOf(path)}, not a list.`);
    this.#takeErrors(errors);
    if ((data === undefined) === (items === undefined)) {
      throw new InvalidStream(`Expected data or items for ${pathText(path)}, got neither or both.`);
    }
    if (items === undefined) this.#deliverData(path, label, data ?? null, errors);
    else this.#deliverItems(path, label, items, errors);
  }

  #deliverData(
    path: Path,
    label: string | undefined,
    data: JsonObject | null,
    errors: readonly ResponseError[] | undefined,
  ) {
    const target = objectAt(this.#data, path);
    this.#parts.push({ path, label });
    if (data === null) return this.#fail(path, errors);
    addFields(target, data, path);
  }

  /** The path ends with the index of the first item. */
  #deliverItems(
    path: Path,
    label: string | undefined,
    items: readonly Json[] | null,
    errors: readonly ResponseError[] | undefined,
  ) {
    const listPath = path.slice(0, -1);
    const list = listAt(this.#data, listPath);
    const index = path.at(-1);
    if (index !== list.length) {
      throw new InvalidStream(`Expected items from ${pathText([...listPath, list.length])} on, got ${pathText(path)}.`);
    }
    if (this.#ended.has(pathText(listPath))) throw new InvalidStream(`The list ${pathText(listPath)} ended before.`);
    this.#parts.push({ path: listPath, label });
    if (items === null) {
      this.#ended.add(pathText(listPath));
      return this.#fail(path, errors);
    }
    list.push(...items);
  }

  #fail(path: Path, errors: readonly ResponseError[] | undefined): void {
    if (!errors?.length) throw new InvalidStream(`${pathText(path)} failed without an error.`);
    this.#failures += 1;
  }

  #takeErrors(errors: readonly ResponseError[] | undefined): void {
    if (errors?.length === 0) throw new InvalidStream("A list of errors is empty.");
    this.#errors.push(...(errors ?? []));
  }
}

/** In this format two fragments may deliver the same field; clients keep either value, so they must be equal. */
function addFields(target: JsonObject, fields: JsonObject, path: Path): void {
  for (const [key, value] of Object.entries(fields)) {
    const present = target[key];
    if (!Object.hasOwn(target, key)) target[key] = value;
    else if (isObject(present) && isObject(value)) addFields(present, value, [...path, key]);
    else if (!isDeepStrictEqual(present, value)) {
      throw new InvalidStream(`${pathText([...path, key])} was delivered with different values.`);
    }
  }
}

function assertKeys(entry: object, allowed: ReadonlySet<string>): void {
  const unknown = Object.keys(entry).filter((key) => !allowed.has(key));
  if (unknown.length > 0) throw new InvalidStream(`Expected ${[...allowed].join(", ")}, got ${unknown.join(", ")}.`);
}
