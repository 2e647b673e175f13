import type { GraphQLError } from "graphql";
import type { RequestLifetime } from "../request/request-lifetime.ts";

export type ResponsePath = readonly (string | number)[];

/**
 * One result of an execution: a whole answer, or one of a stream's payloads in the format v0.2. A stream's
 * formats (`IncrementalWriter`) make of it what a client reads.
 */
export interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[];
  /** Parts that will follow. */
  readonly pending?: readonly PendingPart[];
  readonly incremental?: readonly IncrementalEntry[];
  readonly completed?: readonly CompletedPart[];
  /** Ends a stream before its end: no part that is still pending will come, for this reason. */
  readonly cutOff?: GraphQLError;
  /** Unset for a whole answer. */
  readonly hasNext?: boolean;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A deferred fragment, or the rest of a streamed list. */
export interface PendingPart {
  readonly id: string;
  readonly path: ResponsePath;
  readonly label?: string;
  /** Set for a list: how many of its items came with the payload that announced it. */
  readonly initialCount?: number;
}

export interface IncrementalEntry {
  readonly id: string;
  readonly subPath?: ResponsePath;
  readonly data?: unknown;
  readonly items?: readonly unknown[];
  readonly errors?: readonly GraphQLError[];
}

export interface CompletedPart {
  readonly id: string;
  /** Set when the part failed as a whole. */
  readonly errors?: readonly GraphQLError[];
}

/** A whole answer, or its payloads as they become ready. The last one has `hasNext: false`. */
export type Answer = Payload | AsyncIterable<Payload>;

export const isStream = (answer: Answer): answer is AsyncIterable<Payload> => Symbol.asyncIterator in answer;

/** Returns a stream when its request ends, also one that a plugin drops: its source would stay open. */
export function returnAtEnd(payloads: AsyncIterator<unknown, unknown>, lifetime: RequestLifetime): void {
  const release = (): void => {
    // Not awaited: a source may not return while it is busy.
    Promise.try(() => payloads.return?.()).catch(() => undefined);
  };
  lifetime.hold({ release });
}
