import {
  IllegalStream,
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
  valueAt,
} from "./responses.ts";

interface Pending {
  readonly id: string;
  readonly path: Path;
  readonly label?: string;
}

interface Incremental {
  readonly id: string;
  readonly subPath?: Path;
  readonly data?: JsonObject;
  readonly items?: readonly Json[];
  readonly errors?: readonly ResponseError[];
}

interface Completed {
  readonly id: string;
  readonly errors?: readonly ResponseError[];
}

export interface PayloadV02 {
  readonly data?: Json;
  readonly errors?: readonly ResponseError[];
  readonly pending?: readonly Pending[];
  readonly incremental?: readonly Incremental[];
  readonly completed?: readonly Completed[];
  readonly hasNext?: boolean;
}

/**
 * Puts the payloads of the v0.2 format (`pending`, `incremental`, `completed`) together, strictly: nothing is delivered
 * that was not announced, nothing twice, nothing that was announced is left open.
 *
 * @throws IllegalStream at the first payload that the format does not allow
 */
export function mergeV02(payloads: readonly PayloadV02[]): Merged {
  const [initial, ...subsequent] = payloads;
  if (initial === undefined) throw new IllegalStream("Expected a first payload, got none.");
  const merge = new MergeV02(initial);
  for (const payload of subsequent) merge.add(payload);
  return merge.finish();
}

const initialKeys = new Set(["data", "errors", "pending", "hasNext", "extensions"]);
const subsequentKeys = new Set(["pending", "incremental", "completed", "hasNext", "extensions"]);
const pendingKeys = new Set(["id", "path", "label"]);
const incrementalKeys = new Set(["id", "subPath", "data", "items", "errors", "extensions"]);
const completedKeys = new Set(["id", "errors"]);

class MergeV02 {
  readonly #data: Json;
  readonly #errors: ResponseError[] = [];
  readonly #open = new Map<string, Pending>();
  readonly #seen = new Set<string>();
  readonly #kinds = new Map<string, "data" | "items">();
  readonly #parts: Part[] = [];
  #failures = 0;
  #hasNext: boolean;

  constructor(initial: PayloadV02) {
    assertKeys(initial, initialKeys);
    if (initial.data === undefined) throw new IllegalStream("The first payload has no data.");
    this.#data = initial.data;
    this.#takeErrors(initial.errors);
    // A stream of one payload is an answer in one piece: it need not say that nothing follows.
    this.#hasNext = initial.hasNext ?? false;
    this.#announce(initial.pending ?? []);
    this.#assertPlaces(initial.pending ?? []);
    this.#assertHasNext();
  }

  add(payload: PayloadV02): void {
    assertKeys(payload, subsequentKeys);
    if (!this.#hasNext) throw new IllegalStream("A payload came after hasNext: false.");
    if (typeof payload.hasNext !== "boolean") throw new IllegalStream("A payload does not say whether more follows.");
    this.#hasNext = payload.hasNext;
    this.#announce(payload.pending ?? []);
    for (const incremental of payload.incremental ?? []) this.#deliver(incremental);
    this.#assertPlaces(payload.pending ?? []);
    for (const completed of payload.completed ?? []) this.#complete(completed);
    this.#assertHasNext();
  }

  finish(): Merged {
    if (this.#hasNext) throw new IllegalStream("The stream ended after hasNext: true.");
    return { data: this.#data, errors: this.#errors, parts: this.#parts, failures: this.#failures };
  }

  #announce(announced: readonly Pending[]): void {
    for (const pending of announced) {
      assertKeys(pending, pendingKeys);
      if (typeof pending.id !== "string") throw new IllegalStream(`An id is ${kindOf(pending.id)}, not text.`);
      if (this.#seen.has(pending.id)) throw new IllegalStream(`The id ${pending.id} was announced twice.`);
      this.#seen.add(pending.id);
      this.#open.set(pending.id, pending);
      this.#parts.push({ path: pending.path, label: pending.label });
    }
  }

  /** After the payload's own deliveries, since what it announces may lie in what it delivers. */
  #assertPlaces(announced: readonly Pending[]): void {
    for (const { path, id } of announced) {
      const place = valueAt(this.#data, path);
      if (typeof place !== "object" || place === null) {
        throw new IllegalStream(`Pending ${id} lies at ${pathText(path)}, where there is ${kindOf(place)}.`);
      }
    }
  }

  #deliver(incremental: Incremental): void {
    assertKeys(incremental, incrementalKeys);
    const { id, subPath = [], data, items, errors } = incremental;
    const { path } = this.#pending(id);
    this.#takeErrors(errors);
    if ((data === undefined) === (items === undefined)) {
      throw new IllegalStream(`A delivery to ${id} has not one of data and items.`);
    }
    const kind = data === undefined ? "items" : "data";
    if ((this.#kinds.get(id) ?? kind) !== kind) throw new IllegalStream(`${id} delivers both data and items.`);
    this.#kinds.set(id, kind);
    if (items !== undefined) this.#appendItems(path, subPath, items);
    else addNewFields(objectAt(this.#data, [...path, ...subPath]), data ?? {}, [...path, ...subPath]);
  }

  #appendItems(path: Path, subPath: Path, items: readonly Json[]): void {
    if (subPath.length > 0) throw new IllegalStream(`Items of ${pathText(path)} came with a subPath.`);
    if (!Array.isArray(items)) throw new IllegalStream(`The items of ${pathText(path)} are ${kindOf(items)}.`);
    listAt(this.#data, path).push(...items);
  }

  #complete(completed: Completed): void {
    assertKeys(completed, completedKeys);
    this.#pending(completed.id);
    this.#open.delete(completed.id);
    if (completed.errors === undefined) return;
    if (completed.errors.length === 0) throw new IllegalStream(`${completed.id} failed without an error.`);
    this.#failures += 1;
    this.#takeErrors(completed.errors);
  }

  #pending(id: string): Pending {
    const pending = this.#open.get(id);
    if (pending) return pending;
    throw new IllegalStream(`The id ${id} is ${this.#seen.has(id) ? "completed already" : "unknown"}.`);
  }

  #takeErrors(errors: readonly ResponseError[] | undefined): void {
    if (errors?.length === 0) throw new IllegalStream("A list of errors is empty.");
    this.#errors.push(...(errors ?? []));
  }

  #assertHasNext(): void {
    const open = [...this.#open.keys()];
    if (!this.#hasNext && open.length > 0) throw new IllegalStream(`The stream ends, and ${open} never completed.`);
    if (this.#hasNext && open.length === 0) throw new IllegalStream("More is said to follow, and nothing is pending.");
  }
}

/** In this format no path is delivered twice, not even an object to be filled up: each field comes whole. */
function addNewFields(target: JsonObject, fields: JsonObject, path: Path): void {
  for (const [key, value] of Object.entries(fields)) {
    if (Object.hasOwn(target, key)) throw new IllegalStream(`${pathText([...path, key])} was delivered twice.`);
    target[key] = value;
  }
}

function assertKeys(entry: object, allowed: ReadonlySet<string>): void {
  const foreign = Object.keys(entry).filter((key) => !allowed.has(key));
  if (foreign.length > 0) throw new IllegalStream(`Expected ${[...allowed].join(", ")}, found ${foreign.join(", ")}.`);
}
