import type { IncrementalWriter } from "./incremental-writer.ts";
import type { CompletedPart, IncrementalEntry, Payload, PendingPart, ResponsePath } from "./payload.ts";

/**
 * The format of August 2022: an entry says by its path where it belongs, not by an id that was announced. What was
 * announced is kept until it is complete: its path, its label, and for a list the index of the next item.
 *
 * This format knows no completion: a fragment has come when there is an entry with its label at its path. So each
 * fragment has one in the payload that completes it, an empty one where all that it asks for lies deeper or came before.
 */
export class Writer2022 implements IncrementalWriter {
  readonly #open = new Map<string, OpenPart>();

  write({ pending, incremental = [], completed = [], cutOff, ...payload }: Payload): object | undefined {
    for (const part of pending ?? []) this.#open.set(part.id, { ...part, nextIndex: part.initialCount });
    const complete = completed.filter(({ errors }) => !errors).map(({ id }) => this.#part(id));
    const whole = new Set(incremental.filter(({ subPath = [] }) => subPath.length === 0).map(({ id }) => id));
    const entries = [
      ...incremental.map((entry) => this.#entryOf(entry, complete)),
      ...completed.flatMap((part) => this.#close(part, whole)),
      ...(cutOff ? this.#cutOff(cutOff) : []),
    ];
    // A payload that only announces parts, or completes lists, is nothing to these clients, unless it is the last.
    if (entries.length === 0 && !("data" in payload) && payload.hasNext === true) return undefined;
    return { ...payload, ...(entries.length > 0 && { incremental: entries }) };
  }

  #entryOf({ id, subPath = [], data, items, errors }: IncrementalEntry, complete: readonly OpenPart[]): Entry {
    const part = this.#part(id);
    const found = errors && { errors };
    if (items === undefined) {
      const path = [...part.path, ...subPath];
      return { path, ...labelOf(bringerOf(part, path, complete)), ...found, data };
    }
    const entry = { path: entryPath(part), ...labelOf(part), ...found, items };
    part.nextIndex = (part.nextIndex ?? 0) + items.length;
    return entry;
  }

  #close({ id, errors }: CompletedPart, whole: ReadonlySet<string>): Entry[] {
    const part = this.#part(id);
    const isList = part.nextIndex !== undefined;
    this.#open.delete(id);
    if (errors)
      return [{ path: entryPath(part), ...labelOf(part), ...(isList ? { items: null } : { data: null }), errors }];
    return isList || whole.has(id) ? [] : [{ path: part.path, ...labelOf(part), data: {} }];
  }

  /** Without `data: null`: there, urql would drop what it already has. */
  #cutOff(error: NonNullable<Payload["cutOff"]>): Entry[] {
    const parts = [...this.#open.values()];
    if (parts.length === 0) return [{ path: [], errors: [error] }];
    return parts.map((part) => ({ path: entryPath(part), ...labelOf(part), errors: [error] }));
  }

  #part(id: string): OpenPart {
    const part = this.#open.get(id);
    if (!part) throw new Error(`The execution delivers a part ${id} that it never announced.`);
    return part;
  }
}

/**
 * The fragment that brings this data. Where several ask for it, execution delivers it by the one that lies deepest, also
 * while that one is not complete: under its label the data would seem to be all of it.
 */
function bringerOf(part: OpenPart, path: ResponsePath, complete: readonly OpenPart[]): OpenPart {
  if (complete.includes(part)) return part;
  return complete.find((other) => other.path.every((key, at) => path[at] === key)) ?? part;
}

interface OpenPart extends PendingPart {
  nextIndex: number | undefined;
}

interface Entry {
  readonly path: ResponsePath;
  readonly label?: string;
  readonly data?: unknown;
  readonly items?: readonly unknown[] | null;
  readonly errors?: Payload["errors"];
}

/** Of a list: where its next item belongs. */
const entryPath = ({ path, nextIndex }: OpenPart): ResponsePath =>
  nextIndex === undefined ? path : [...path, nextIndex];

const labelOf = ({ label }: PendingPart) => (label === undefined ? {} : { label });
