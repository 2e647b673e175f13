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

/** The reads of one service for one request. Each reader caches per request. */
export interface RestReads {
  /** The row of each key, or null. Of two rows with the same key the first one is used. */
  oneByKey<Schema extends StandardSchemaV1, Row = RowOf<Schema>, Arguments = NoArguments>(
    read: BatchRead<Schema, Row, Arguments>,
  ): KeyReader<RestKey, Row | null, Arguments>;
  /** The rows of each key, in the service's order. */
  manyByKey<Schema extends StandardSchemaV1, Row = RowOf<Schema>, Arguments = NoArguments>(
    read: BatchRead<Schema, Row, Arguments>,
  ): KeyReader<RestKey, readonly Row[], Arguments>;
  /** The body of each key, with one call per key. Calls are concurrent, up to the limits of the service. */
  single<Schema extends StandardSchemaV1, Key, Missing extends "null" | "error" = "error">(
    read: SingleRead<Schema, Key, Missing>,
  ): KeyReader<Key, Output<Schema> | (Missing extends "null" ? null : never)>;
  /** A list in pages, which are read one after the other, up to `maxPages`. */
  paged<Schema extends StandardSchemaV1, Row = RowOf<Schema>, Argument = void>(
    read: PagedRead<Schema, Row, Argument>,
  ): PageReader<Argument, Row>;
  /** Any GET. Identical reads of the request share one call and its result, errors included. */
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
  const responses = new Map<StandardSchemaV1, Map<string, Promise<unknown>>>();
  return {
    oneByKey: (read) => createKeyReader(upstream, scope, read, (rows) => rows[0] ?? null),
    manyByKey: (read) => createKeyReader(upstream, scope, read, (rows) => rows),
    single: (read) => createSingleReader(upstream, scope, read),
    paged: (read) => createPageReader(upstream, scope, read),
    get<Schema extends StandardSchemaV1>(read: UpstreamRead<Schema>) {
      const ofSchema = responses.get(read.body) ?? new Map<string, Promise<unknown>>();
      responses.set(read.body, ofSchema);
      const key = `${read.path}?${read.query ?? ""}`;
      const cached = ofSchema.get(key) as Promise<UpstreamAnswer<Output<Schema>>> | undefined;
      const response = cached ?? upstream.get(scope, read);
      if (cached === undefined) ofSchema.set(key, response);
      return response;
    },
  };
}
