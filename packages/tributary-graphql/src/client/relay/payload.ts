import type { PayloadError } from "relay-runtime";

export type Path = readonly (string | number)[];

/** A payload of a server: a whole result, or a part of one in either format of incremental delivery. */
export interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly PayloadError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly hasNext?: boolean;
  /** v0.2: the parts that later payloads deliver, with their ids. */
  readonly pending?: readonly PendingPart[];
  readonly incremental?: readonly (PartById | PartByPath)[];
  /** v0.2: the parts that are complete or have failed. */
  readonly completed?: readonly CompletedPart[];
}

export interface PendingPart {
  readonly id: string;
  readonly path: Path;
  readonly label?: string;
}

interface Part {
  readonly data?: object | null;
  readonly items?: readonly unknown[] | null;
  readonly errors?: readonly PayloadError[];
}

/** A part in the v0.2 format. */
export interface PartById extends Part {
  readonly id: string;
  /** The path of the data, relative to the path of the pending part. */
  readonly subPath?: Path;
}

/** A part in the format of August 2022. */
export interface PartByPath extends Part {
  /** For items, it ends with the index of the first item. */
  readonly path?: Path;
  readonly label?: string;
}

export interface CompletedPart {
  readonly id: string;
  readonly errors?: readonly PayloadError[];
}
