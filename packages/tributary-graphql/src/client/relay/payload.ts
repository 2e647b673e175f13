import type { PayloadError } from "relay-runtime";

export type Path = readonly (string | number)[];

/** One message of a server: a whole answer, or a part of one in either format of incremental delivery. */
export interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly PayloadError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly hasNext?: boolean;
  /** v0.2: what is yet to come, by the ids that later payloads speak of. */
  readonly pending?: readonly Announcement[];
  readonly incremental?: readonly (PartById | PartByPath)[];
  /** v0.2: what has come in full, or failed for good. */
  readonly completed?: readonly Completion[];
}

export interface Announcement {
  readonly id: string;
  readonly path: Path;
  readonly label?: string;
}

interface Part {
  readonly data?: object | null;
  readonly items?: readonly unknown[] | null;
  readonly errors?: readonly PayloadError[];
}

/** v0.2 */
export interface PartById extends Part {
  readonly id: string;
  /** From the announced path to where the data belongs. */
  readonly subPath?: Path;
}

/** The format of August 2022. */
export interface PartByPath extends Part {
  /** For items, with the index of the first at its end. */
  readonly path?: Path;
  readonly label?: string;
}

export interface Completion {
  readonly id: string;
  readonly errors?: readonly PayloadError[];
}
