import type { GraphQLError } from "graphql";

/**
 * What a client gets in one piece: a whole answer, or one of a stream's payloads in the format of August 2022
 * (`incremental: [{ path, label, data | items, errors }], hasNext`).
 */
export interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[];
  readonly incremental?: readonly IncrementalEntry[];
  /** Unset for a whole answer. */
  readonly hasNext?: boolean;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface IncrementalEntry {
  readonly path?: readonly (string | number)[];
  readonly label?: string;
  readonly data?: unknown;
  readonly items?: unknown;
  readonly errors?: readonly GraphQLError[];
}

/** A whole answer, or its payloads as they become ready. The last one has `hasNext: false`. */
export type Answer = Payload | AsyncIterable<Payload>;

export const isStream = (answer: Answer): answer is AsyncIterable<Payload> => Symbol.asyncIterator in answer;
