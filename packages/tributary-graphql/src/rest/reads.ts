import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type BatchRead, createKeyReader, type KeyReader, type NoArguments } from "./by-key.ts";
import type { RestKey } from "./key-encoding.ts";
import { createPageReader, type PagedRead, type PageReader } from "./paged.ts";
import { createSingleReader, type SingleRead } from "./single.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamAnswer, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

export type { BatchRead, KeyReader } from "./by-key.ts";
export { commaList, type KeyEncoding, postBody, type RestKey, repeated } from "./key-encoding.ts";
export { linkHeader, type NextPage, nextCursor, pageNumber, rowOffset } from "./next-page.ts";
export type { PagedRead, PageReader, Pages } from "./paged.ts";
export { type Path, path } from "./path.ts";
export type { SingleRead } from "./single.ts";

/** The row type of a body that is a list. */
export type RowOf<Schema extends StandardSchemaV1> = Output<Schema> extends readonly (infer Row)[] ? Row : never;

/** The reads of one service for one request. Each reader remembers what it has read for as long as the request lasts. */
export interface RestReads {
  /** The row of each key, null where there is none. Of two rows with one key the first counts. */
  oneByKey<Schema extends StandardSchemaV1, Row = RowOf<Schema>, Arguments = NoArguments>(
    read: BatchRead<Schema, Row, Arguments>,
  ): KeyReader<RestKey, Row | null, Arguments>;
  /** All rows of each key, in the service's order; none is an empty list. */
  manyByKey<Schema extends StandardSchemaV1, Row = RowOf<Schema>, Arguments = NoArguments>(
    read: BatchRead<Schema, Row, Arguments>,
  ): KeyReader<RestKey, readonly Row[], Arguments>;
  /** A body for each key, one call each, side by side as far as the service's places go. */
  single<Schema extends StandardSchemaV1, Key, Missing extends "null" | "error" = "error">(
    read: SingleRead<Schema, Key, Missing>,
  ): KeyReader<Key, Output<Schema> | (Missing extends "null" ? null : never)>;
  /** A list that the service gives out in pages: all of them, one after the other, up to a bound. */
  paged<Schema extends StandardSchemaV1, Row = RowOf<Schema>, Argument = void>(
    read: PagedRead<Schema, Row, Argument>,
  ): PageReader<Argument, Row>;
  /** Any GET. Identical ones in this request are one call and one answer, also when it failed. */
  get<Schema extends StandardSchemaV1>(read: UpstreamRead<Schema>): Promise<UpstreamAnswer<Output<Schema>>>;
}

/**
 * ```ts
 * const reads = createRestReads(countries, scope);
 * const byCode = reads.oneByKey({
 *   call: "countriesByCode", path: "/countries", keys: repeated("cca2"),
 *   body: z.array(country), keyOf: (row) => row.cca2, maxKeys: 150,
 * });
 * await byCode.load("NO");
 * ```
 */
export function createRestReads(upstream: Upstream, scope: UpstreamScope): RestReads {
  const answers = new Map<StandardSchemaV1, Map<string, Promise<unknown>>>();
  return {
    oneByKey: (read) => createKeyReader(upstream, scope, read, (rows) => rows[0] ?? null),
    manyByKey: (read) => createKeyReader(upstream, scope, read, (rows) => rows),
    single: (read) => createSingleReader(upstream, scope, read),
    paged: (read) => createPageReader(upstream, scope, read),
    get<Schema extends StandardSchemaV1>(read: UpstreamRead<Schema>) {
      const ofSchema = answers.get(read.body) ?? new Map<string, Promise<unknown>>();
      answers.set(read.body, ofSchema);
      const key = `${read.path}?${read.query ?? ""}`;
      const known = ofSchema.get(key) as Promise<UpstreamAnswer<Output<Schema>>> | undefined;
      const answer = known ?? upstream.get(scope, read);
      if (known === undefined) ofSchema.set(key, answer);
      return answer;
    },
  };
}
