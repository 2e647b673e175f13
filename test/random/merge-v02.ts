import {
  InvalidStream,
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
 * Merges the payloads of the v0.2 format (`pending`, `incremental`, `completed`), strictly: each delivery has a pending
 * id, no field is delivered twice, and each pending id completes.
 *
 * @throws InvalidStream at the first invalid payload
 */
export function mergeV02(payloads: readonly PayloadV02[]): Merged {
  const [initial, ...subsequent] = payloads;
  if (initial === undefined) throw new InvalidStream("Expected a first payload, got none.");
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
    if (initial.data === undefined) throw new InvalidStream("The first payload has no data.");
    this.#data = initial.data;
    this.#takeErrors(initial.errors);
    // A stream of one payload may omit hasNext.
    this.#hasNext = initial.hasNext ?? false;
    this.#announce(initial.pending ?? []);
    this.#assertPositions(initial.pending ?? []);
    this.#assertHasNext();
  }

  add(payload: PayloadV02): void {
    assertKeys(payload, subsequentKeys);
    if (!this.#hasNext) throw new InvalidStream("A payload came after hasNext: false.");
    if (typeof payload.hasNext !== "boolean") throw new InvalidStream("A payload does not say whether more follows.");
    this.#hasNext = payload.hasNext;
    this.#announce(payload.pending ?? []);
    for (const incremental of payload.incremental ?? []) this.#deliver(incremental);
    this.#assertPositions(payload.pending ?? []);
    for (const completed of payload.completed ?? []) this.#complete(completed);
    this.#assertHasNext();
  }

  finish(): Merged {
    if (this.#hasNext) throw new InvalidStream("The stream ended after hasNext: true.");
    return { data: this.#data, errors: this.#errors, parts: this.#parts, failures: this.#failures };
  }

  #announce(announced: readonly Pending[]): void {
    for (const pending of announced) {
      assertKeys(pending, pendingKeys);
      if (typeof pending.id !== "string") throw new InvalidStream(`An id is ${kindOf(pending.id)}, not a string.`);
      if (this.#seen.has(pending.id)) throw new InvalidStream(`The id ${pending.id} was announced twice.`);
      this.#seen.add(pending.id);
      this.#open.set(pending.id, pending);
      this.#parts.push({ path: pending.path, label: pending.label });
    }
  }

  /** Called after the deliveries of the payload, because a path may be in the delivered data. */
  #assertPositions(announced: readonly Pending[]): void {
    for (const { path, id } of announced) {
      const position = valueAt(this.#data, path);
      if (typeof position !== "object" || position === null) {
        throw new InvalidStream(
          `Expected an object or a list at ${pathText(path)} for pending ${id}, got ${kindOf(position)}.`,
        );
      }
    }
  }

  #deliver(incremental: Incremental): void {
    assertKeys(incremental, incrementalKeys);
    const { id, subPath = [], data, items, errors } = incremental;
    const { path } = this.#pending(id);
    this.#takeErrors(errors);
    if ((data === undefined) === (items === undefined)) {
      throw new InvalidStream(`Expected data or items for ${id}, got neither or both.`);
    }
    const kind = data === undefined ? "items" : "data";
    if ((this.#kinds.get(id) ?? kind) !== kind) throw new InvalidStream(`${id} delivers both data and items.`);
    this.#kinds.set(id, kind);
    if (items !== undefined) this.#appendItems(path, subPath, items);
    else addNewFields(objectAt(this.#data, [...path, ...subPath]), data ?? {}, [...path, ...subPath]);
  }

  #appendItems(path: Path, subPath: Path, items: readonly Json[]): void {
    if (subPath.length > 0) throw new InvalidStream(`Expected no subPath for items of ${pathText(path)}.`);
    if (!Array.isArray(items)) throw new InvalidStream(`The items of ${pathText(path)} are ${kindOf(items)}.`);
    listAt(this.#data, path).push(...items);
  }

  #complete(completed: Completed): void {
    assertKeys(completed, completedKeys);
    this.#pending(completed.id);
    this.#open.delete(completed.id);
    if (completed.errors === undefined) return;
    if (completed.errors.length === 0) throw new InvalidStream(`${completed.id} failed without an error.`);
    this.#failures += 1;
    this.#takeErrors(completed.errors);
  }

  #pending(id: string): Pending {
    const pending = this.#open.get(id);
    if (pending) return pending;
    throw new InvalidStream(`The id ${id} is ${this.#seen.has(id) ? "completed already" : "unknown"}.`);
  }

  #takeErrors(errors: readonly ResponseError[] | undefined): void {
    if (errors?.length === 0) throw new InvalidStream("A list of errors is empty.");
    this.#errors.push(...(errors ?? []));
  }

  #assertHasNext(): void {
    const open = [...this.#open.keys()];
    if (!this.#hasNext && open.length > 0) throw new InvalidStream(`The stream ends, but ${open} is pending.`);
    if (this.#hasNext && open.length === 0) throw new InvalidStream("hasNext is true, but nothing is pending.");
  }
}

/** In this format each field is delivered once and complete. */
function addNewFields(target: JsonObject, fields: JsonObject, path: Path): void {
  for (const [key, value] of Object.entries(fields)) {
    if (Object.hasOwn(target, key)) throw new InvalidStream(`${pathText([...path, key])} was delivered twice.`);
    target[key] = value;
  }
}

function assertKeys(entry: object, allowed: ReadonlySet<string>): void {
  const unknown = Object.keys(entry).filter((key) => !allowed.has(key));
  if (unknown.length > 0) throw new InvalidStream(`Expected ${[...allowed].join(", ")}, got ${unknown.join(", ")}.`);
}
