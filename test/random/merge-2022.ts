import { isDeepStrictEqual } from "node:util";
import {
  IllegalStream,
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
 * Puts the payloads of the format of August 2022 (`incremental` with path and label) together, strictly: every path
 * exists when it is delivered to, a list goes on where it ended, and what is there already comes the same if it comes
 * again.
 *
 * @throws IllegalStream at the first payload that the format does not allow
 */
export function merge2022(payloads: readonly Payload2022[]): Merged {
  const [initial, ...subsequent] = payloads;
  if (initial === undefined) throw new IllegalStream("Expected a first payload, got none.");
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
  /** Lists that were ended by an error: nothing may be added to them. */
  readonly #ended = new Set<string>();
  #failures = 0;
  #hasNext: boolean;

  constructor(initial: Payload2022) {
    assertKeys(initial, initialKeys);
    if (initial.data === undefined) throw new IllegalStream("The first payload has no data.");
    this.#data = initial.data;
    this.#takeErrors(initial.errors);
    this.#hasNext = initial.hasNext ?? false;
  }

  add(payload: Payload2022): void {
    assertKeys(payload, subsequentKeys);
    if (!this.#hasNext) throw new IllegalStream("A payload came after hasNext: false.");
    if (typeof payload.hasNext !== "boolean") throw new IllegalStream("A payload does not say whether more follows.");
    if (payload.hasNext && !payload.incremental?.length) throw new IllegalStream("A payload delivers nothing.");
    this.#hasNext = payload.hasNext;
    for (const incremental of payload.incremental ?? []) this.#deliver(incremental);
  }

  finish(): Merged {
    if (this.#hasNext) throw new IllegalStream("The stream ended after hasNext: true.");
    return { data: this.#data, errors: this.#errors, parts: this.#parts, failures: this.#failures };
  }

  #deliver(incremental: Incremental): void {
    assertKeys(incremental, incrementalKeys);
    const { path, label, data, items, errors } = incremental;
    if (!Array.isArray(path)) throw new IllegalStream(`A path is ${kindOf(path)}, not a list.`);
    this.#takeErrors(errors);
    if ((data === undefined) === (items === undefined)) {
      throw new IllegalStream(`A delivery to ${pathText(path)} has not one of data and items.`);
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

  /** The path of items ends with the index of the first of them. */
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
      throw new IllegalStream(`Expected items from ${pathText([...listPath, list.length])} on, got ${pathText(path)}.`);
    }
    if (this.#ended.has(pathText(listPath))) throw new IllegalStream(`The list ${pathText(listPath)} ended before.`);
    this.#parts.push({ path: listPath, label });
    if (items === null) {
      this.#ended.add(pathText(listPath));
      return this.#fail(path, errors);
    }
    list.push(...items);
  }

  #fail(path: Path, errors: readonly ResponseError[] | undefined): void {
    if (!errors?.length) throw new IllegalStream(`${pathText(path)} failed without an error.`);
    this.#failures += 1;
  }

  #takeErrors(errors: readonly ResponseError[] | undefined): void {
    if (errors?.length === 0) throw new IllegalStream("A list of errors is empty.");
    this.#errors.push(...(errors ?? []));
  }
}

/** In this format two fragments may deliver one field; clients keep either, so both must say the same. */
function addFields(target: JsonObject, fields: JsonObject, path: Path): void {
  for (const [key, value] of Object.entries(fields)) {
    const known = target[key];
    if (!Object.hasOwn(target, key)) target[key] = value;
    else if (isObject(known) && isObject(value)) addFields(known, value, [...path, key]);
    else if (!isDeepStrictEqual(known, value)) {
      throw new IllegalStream(`${pathText([...path, key])} came with two values.`);
    }
  }
}

function assertKeys(entry: object, allowed: ReadonlySet<string>): void {
  const foreign = Object.keys(entry).filter((key) => !allowed.has(key));
  if (foreign.length > 0) throw new IllegalStream(`Expected ${[...allowed].join(", ")}, found ${foreign.join(", ")}.`);
}
