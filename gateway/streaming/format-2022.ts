import type { IncrementalWriter } from "./incremental-writer.ts";
import type { CompletedPart, IncrementalEntry, Payload, PendingPart, ResponsePath } from "./payload.ts";

/**
 * The format of August 2022: an entry says by its path where it belongs, not by an id that was announced. What was
 * announced is remembered until it is complete: its path, its label, and for a list the index of the next item.
 */
export class Writer2022 implements IncrementalWriter {
  readonly #open = new Map<string, OpenPart>();

  write({ pending, incremental, completed, cutOff, ...payload }: Payload): object | undefined {
    for (const part of pending ?? []) this.#open.set(part.id, { ...part, nextIndex: part.initialCount });
    const entries = [
      ...(incremental ?? []).map((entry) => this.#entryOf(entry)),
      ...(completed ?? []).flatMap((part) => this.#close(part)),
      ...(cutOff ? this.#cutOff(cutOff) : []),
    ];
    // A payload that only announces or completes parts is nothing to these clients, unless it is the last.
    if (entries.length === 0 && !("data" in payload) && payload.hasNext === true) return undefined;
    return { ...payload, ...(entries.length > 0 && { incremental: entries }) };
  }

  #entryOf({ id, subPath = [], data, items, errors }: IncrementalEntry): Entry {
    const part = this.#part(id);
    const found = { ...labelOf(part), ...(errors && { errors }) };
    if (items === undefined) return { path: [...part.path, ...subPath], ...found, data };
    const entry = { path: placeOf(part), ...found, items };
    part.nextIndex = (part.nextIndex ?? 0) + items.length;
    return entry;
  }

  #close({ id, errors }: CompletedPart): Entry[] {
    const part = this.#part(id);
    this.#open.delete(id);
    if (!errors) return [];
    const nothing = part.nextIndex === undefined ? { data: null } : { items: null };
    return [{ path: placeOf(part), ...labelOf(part), ...nothing, errors }];
  }

  /** Without `data: null`: there, urql would drop what it already has. */
  #cutOff(error: NonNullable<Payload["cutOff"]>): Entry[] {
    const parts = [...this.#open.values()];
    if (parts.length === 0) return [{ path: [], errors: [error] }];
    return parts.map((part) => ({ path: placeOf(part), ...labelOf(part), errors: [error] }));
  }

  #part(id: string): OpenPart {
    const part = this.#open.get(id);
    if (!part) throw new Error(`The execution delivers a part ${id} that it never announced.`);
    return part;
  }
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
const placeOf = ({ path, nextIndex }: OpenPart): ResponsePath =>
  nextIndex === undefined ? path : [...path, nextIndex];

const labelOf = ({ label }: PendingPart) => (label === undefined ? {} : { label });
