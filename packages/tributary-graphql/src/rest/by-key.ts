import type { StandardSchemaV1 } from "@standard-schema/spec";
import DataLoader from "dataloader";
import type { DomainError } from "../core/domain-error.ts";
import { invalidResponse } from "./errors.ts";
import { batchesOf } from "./key-batches.ts";
import type { KeyEncoding, RestKey } from "./key-encoding.ts";
import { keyFaults } from "./key-faults.ts";
import type { Path } from "./path.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamScope } from "./upstream-read.ts";

/** A batch endpoint: many keys in one call, rows found by a field of theirs and never by their position. */
export interface BatchRead<Schema extends StandardSchemaV1, Row, Arguments = NoArguments> {
  /** The name in the call log. */
  readonly call: string;
  readonly path: Path;
  /** The query parameters beside the keys. Keys with the same query share a call. */
  readonly query?: URLSearchParams | string | ((arguments_: Arguments) => URLSearchParams | string);
  readonly keys: KeyEncoding;
  readonly body: Schema;
  /** Where the rows are in a body that is not a list itself. */
  readonly items?: (body: Output<Schema>) => readonly Row[];
  /**
   * The key that a row answers; a row without one is dropped. It is also asked for the key of a row that is not as
   * declared, as it came.
   */
  readonly keyOf: (row: Row) => RestKey | null | undefined;
  /** Most keys that the API takes in one call. Default 100. The URL's length is limited beside it. */
  readonly maxKeys?: number;
  /** Whether one row that is not as declared fails all keys of its call. Default false: it fails its own key. */
  readonly wholeBody?: boolean;
}

/** Stands for a read whose `query` takes no arguments. */
export type NoArguments = undefined;

/** The parameters of a batch reader's methods after the key: none where the `query` takes no arguments. */
type With<Arguments> = [Arguments] extends [NoArguments] ? [] : [request: { readonly arguments: Arguments }];

/**
 * A read by key that remembers for one request: a key is asked for once, whatever came of it. Values may be shared with
 * other requests: nobody may change one.
 */
export interface KeyReader<Key, Value, Arguments = NoArguments> {
  /** Calls within one tick are one batch. */
  load(key: Key, ...request: With<Arguments>): Promise<Value>;
  /** Takes note of a value that was had in another way; does nothing where the key is known. */
  prime(key: Key, value: Value, ...request: With<Arguments>): void;
  /** Forgets a key, after a write that changed it. An answer that is fresh in the HTTP cache is still given. */
  clear(key: Key, ...request: With<Arguments>): void;
}

/**
 * A loader for each query that a batch endpoint is asked with.
 * @param toValue makes a key's value of the rows that have it, in the order of the body
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
        // Arguments which make no query are a rejection and not an exception.
        return Promise.reject(error);
      }
    },
    prime: (key, value, ...request) => loaderFor(request).prime(key, value),
    clear: (key, ...request) => loaderFor(request).clear(key),
  };
}

/**
 * A cache per key, in front of a DataLoader that only batches: a key that is loaded again gives the same promise,
 * where DataLoader's own memory makes another for each of a list's hundred items.
 */
class KeyLoader<Value> {
  readonly #batches: DataLoader<RestKey, Value, string>;
  readonly #known = new Map<string, Promise<Value>>();

  constructor(batches: DataLoader<RestKey, Value, string>) {
    this.#batches = batches;
  }

  load(key: RestKey): Promise<Value> {
    const name = String(key);
    let value = this.#known.get(name);
    if (value === undefined) {
      value = this.#batches.load(key);
      this.#known.set(name, value);
    }
    return value;
  }

  prime(key: RestKey, value: Value): void {
    if (!this.#known.has(String(key))) this.#known.set(String(key), Promise.resolve(value));
  }

  clear(key: RestKey): void {
    this.#known.delete(String(key));
  }
}

/** A batch read with these arguments. */
type BatchCall<Schema extends StandardSchemaV1, Row> = Omit<BatchRead<Schema, Row>, "query" | "maxKeys"> & {
  readonly query: string;
  readonly maxKeys: number;
};

/** The arguments of `load` after the key. The reader's types say which. */
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
  const limits = { maxKeys: read.maxKeys, maxLength: roomForKeys(upstream, read) };
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

/** A batch that fails is an `Error` in the slots of its own keys; the other batches keep their answers. */
const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** The rows of one call by key. Those that nobody asked for in it are dropped: another call may have asked for them. */
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
  const found = rowsOf(body);
  const byKey = new Map<string, Row[]>(keys.map((key) => [String(key), []]));
  for (const row of found) {
    const key = keyOf(row);
    if (key != null) byKey.get(String(key))?.push(row);
  }
  const rowsOfKey = (key: RestKey): readonly Row[] => byKey.get(String(key)) ?? [];
  if (invalid === undefined) return rowsOfKey;
  const failing = { source: upstream.name, call, path, status: 200 };
  const faultOf = keyFaults({ invalid, found, keyOf, isAsked: (key) => byKey.has(key) });
  return (key) => {
    const fault = faultOf(String(key), rowsOfKey(key).length > 0);
    return fault === undefined ? rowsOfKey(key) : invalidResponse(failing, fault);
  };
}

/** @throws TypeError for a body that is no list, which its declaration should have said */
export function listOf<Row>(body: unknown): readonly Row[] {
  if (Array.isArray(body)) return body;
  throw new TypeError('Expected a list of rows: say by "items" where a body has them.');
}

function maxKeysOf({ call, maxKeys = 100 }: { readonly call: string; readonly maxKeys?: number }): number {
  if (Number.isInteger(maxKeys) && maxKeys >= 1) return maxKeys;
  throw new TypeError(`Expected "maxKeys" of ${call} to be a whole number from 1 on, got ${maxKeys}.`);
}

const roomForKeys = (
  { baseUrl, maxUrlLength }: Upstream,
  { path, query }: Pick<BatchCall<never, never>, "path" | "query">,
): number => maxUrlLength - baseUrl.length - path.length - (query === "" ? 0 : 1 + query.length);
