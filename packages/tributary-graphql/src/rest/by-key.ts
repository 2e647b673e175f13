import type { StandardSchemaV1 } from "@standard-schema/spec";
import DataLoader from "dataloader";
import type { DomainError } from "../core/domain-error.ts";
import { invalidResponse } from "./errors.ts";
import { issuesByKey } from "./issues-by-key.ts";
import { batchesOf } from "./key-batches.ts";
import type { KeyEncoding, RestKey } from "./key-encoding.ts";
import type { Path } from "./path.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamScope } from "./upstream-read.ts";

/** A read of an endpoint that takes several keys per call. Rows are found by their key, not by their position. */
export interface BatchRead<Schema extends StandardSchemaV1, Row, Arguments = NoArguments> {
  /** The name in the call log. */
  readonly call: string;
  readonly path: Path;
  /** The query parameters other than the keys. Keys with the same query share a call. */
  readonly query?: URLSearchParams | string | ((arguments_: Arguments) => URLSearchParams | string);
  readonly keys: KeyEncoding;
  readonly body: Schema;
  /** The rows of a body that is not an array. */
  readonly items?: (body: Output<Schema>) => readonly Row[];
  /**
   * The key of a row; a row without one is dropped. It is also called with raw invalid rows.
   */
  readonly keyOf: (row: Row) => RestKey | null | undefined;
  /** The maximum number of keys per call. Default 100. `maxUrlLength` of the service applies too. */
  readonly maxKeys?: number;
  /** Whether an invalid row fails all keys of its call. Default false: it fails its own key. */
  readonly wholeBody?: boolean;
}

/** The arguments of a read whose `query` takes none. */
export type NoArguments = undefined;

/** The parameters after the key of a reader's methods: none if the `query` takes no arguments. */
type RequestParameters<Arguments> = [Arguments] extends [NoArguments]
  ? []
  : [request: { readonly arguments: Arguments }];

/**
 * Reads by key. It caches values, nulls and errors per request. Values may be shared with other requests: do not change
 * them.
 */
export interface KeyReader<Key, Value, Arguments = NoArguments> {
  /** Keys that are loaded within one tick are one batch. */
  load(key: Key, ...request: RequestParameters<Arguments>): Promise<Value>;
  /** Caches a value that was read in another way; does nothing if the key is cached. */
  prime(key: Key, value: Value, ...request: RequestParameters<Arguments>): void;
  /**
   * Removes a key from the cache of the request, after a write. A fresh response of the HTTP cache may still be served.
   */
  clear(key: Key, ...request: RequestParameters<Arguments>): void;
}

/**
 * A reader with one loader per query.
 * @param toValue the value of a key for its rows, which are in the order of the body
 */
export function createKeyReader<Schema extends StandardSchemaV1, Row, Value, Arguments>(
  upstream: Upstream,
  scope: UpstreamScope,
  read: BatchRead<Schema, Row, Arguments>,
  toValue: (rows: readonly Row[]) => Value,
): KeyReader<RestKey, Value, Arguments> {
  const maxKeys = maxKeysOf(read);
  const loaders = new Map<string, KeyLoader<Value>>();
  const loaderFor = (request: readonly unknown[]) => {
    const query = queryOf(read, request);
    let loader = loaders.get(query);
    if (loader === undefined) {
      loader = new KeyLoader(createLoader(upstream, scope, { ...read, query, maxKeys }, toValue));
      loaders.set(query, loader);
    }
    return loader;
  };
  return {
    load(key, ...request) {
      try {
        return loaderFor(request).load(key);
      } catch (error) {
        // `query` may throw: a caller gets a rejection and not an exception.
        return Promise.reject(error);
      }
    },
    prime: (key, value, ...request) => loaderFor(request).prime(key, value),
    clear: (key, ...request) => loaderFor(request).clear(key),
  };
}

/**
 * Caches promises by key in front of a DataLoader that only batches. A cached key gives the same promise each time;
 * DataLoader's own cache creates a new one.
 */
class KeyLoader<Value> {
  readonly #loader: DataLoader<RestKey, Value, string>;
  readonly #cached = new Map<string, Promise<Value>>();

  constructor(loader: DataLoader<RestKey, Value, string>) {
    this.#loader = loader;
  }

  load(key: RestKey): Promise<Value> {
    const name = String(key);
    let value = this.#cached.get(name);
    if (value === undefined) {
      value = this.#loader.load(key);
      this.#cached.set(name, value);
    }
    return value;
  }

  prime(key: RestKey, value: Value): void {
    if (!this.#cached.has(String(key))) this.#cached.set(String(key), Promise.resolve(value));
  }

  clear(key: RestKey): void {
    this.#cached.delete(String(key));
  }
}

/** A batch read with the query of its arguments. */
type BatchCall<Schema extends StandardSchemaV1, Row> = Omit<BatchRead<Schema, Row>, "query" | "maxKeys"> & {
  readonly query: string;
  readonly maxKeys: number;
};

/** @param request the parameters of `load` after the key, whose types `KeyReader` checks */
function queryOf<Arguments>({ query }: Pick<BatchRead<never, never, Arguments>, "query">, request: readonly unknown[]) {
  if (typeof query !== "function") return String(query ?? "");
  const [{ arguments: arguments_ }] = request as [{ arguments: Arguments }];
  return String(query(arguments_));
}

function createLoader<Schema extends StandardSchemaV1, Row, Value>(
  upstream: Upstream,
  scope: UpstreamScope,
  read: BatchCall<Schema, Row>,
  toValue: (rows: readonly Row[]) => Value,
): DataLoader<RestKey, Value, string> {
  const limits = { maxKeys: read.maxKeys, maxLength: lengthLeftForKeys(upstream, read) };
  return new DataLoader<RestKey, Value, string>(
    async (keys) => {
      const { batches, refused } = batchesOf(keys, read.keys, limits);
      const slots = new Map<string, Value | Error>(refused);
      await Promise.all(
        batches.map(async (batch) => {
          const found = await rowsByKey(upstream, scope, read, batch).catch(asError);
          for (const key of batch) {
            const rows = found instanceof Error ? found : found(key);
            slots.set(String(key), rows instanceof Error ? rows : toValue(rows));
          }
        }),
      );
      return keys.map((key) => slots.get(String(key)) ?? toValue([]));
    },
    { cache: false, batchScheduleFn: scope.scheduleBatch },
  );
}

/** A failed batch is an `Error` in the slots of its own keys only. */
const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** Makes one call, and finds its rows by key. Rows with other keys are dropped. */
async function rowsByKey<Schema extends StandardSchemaV1, Row>(
  upstream: Upstream,
  scope: UpstreamScope,
  { call, path, query, body: schema, keys: encoding, items, keyOf, wholeBody }: BatchCall<Schema, Row>,
  keys: readonly RestKey[],
): Promise<(key: RestKey) => readonly Row[] | DomainError> {
  const request = encoding.requestOf(keys);
  const rowsOf = items ?? listOf<Row>;
  const rows = wholeBody === true ? { rows: (body: Output<Schema>) => rowsOf(body).length } : { rowsOf };
  const read = { call, keys: keys.length, path, body: schema, ...rows };
  const { body, invalid } = await ("json" in request
    ? upstream.post(scope, { ...read, query, path: request.path ?? path, json: request.json })
    : upstream.get(scope, { ...read, query: [query, request.query].filter(Boolean).join("&") }));
  const validRows = rowsOf(body);
  const byKey = new Map<string, Row[]>(keys.map((key) => [String(key), []]));
  for (const row of validRows) {
    const key = keyOf(row);
    if (key != null) byKey.get(String(key))?.push(row);
  }
  const rowsOfKey = (key: RestKey): readonly Row[] => byKey.get(String(key)) ?? [];
  if (invalid === undefined) return rowsOfKey;
  const details = { source: upstream.name, call, path, status: 200 };
  const issueOf = issuesByKey({ invalid, validRows, keyOf, isRequested: (key) => byKey.has(key) });
  return (key) => {
    const issue = issueOf(String(key), rowsOfKey(key).length > 0);
    return issue === undefined ? rowsOfKey(key) : invalidResponse(details, issue);
  };
}

/** @throws TypeError for a body that is not an array */
export function listOf<Row>(body: unknown): readonly Row[] {
  if (Array.isArray(body)) return body;
  throw new TypeError("The body is not an array: set `items`.");
}

function maxKeysOf({ call, maxKeys = 100 }: { readonly call: string; readonly maxKeys?: number }): number {
  if (Number.isInteger(maxKeys) && maxKeys >= 1) return maxKeys;
  throw new TypeError(`Expected "maxKeys" of ${call} to be a whole number from 1, got ${maxKeys}.`);
}

const lengthLeftForKeys = (
  { baseUrl, maxUrlLength }: Upstream,
  { path, query }: Pick<BatchCall<never, never>, "path" | "query">,
): number => maxUrlLength - baseUrl.length - path.length - (query === "" ? 0 : 1 + query.length);
