import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { KeyReader } from "./by-key.ts";
import type { Path } from "./path.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamScope } from "./upstream-read.ts";

/** A read of an endpoint that takes one key per call. */
export interface SingleRead<Schema extends StandardSchemaV1, Key, Missing extends "null" | "error" = "error"> {
  /** The name in the call log. */
  readonly call: string;
  /** Use `path` for values in it: it encodes them. */
  readonly path: Path | ((key: Key) => Path);
  /** A string is sent unchanged, so it must be encoded, as `queryOf` does. */
  readonly query?: (key: Key) => URLSearchParams | string;
  readonly body: Schema;
  /** Equal for equal keys. Default: the path and the query of the key. */
  readonly cacheKey?: (key: Key) => string;
  /** The result of a 404: `null`, or an error as for any other status. Default `error`. */
  readonly notFound?: Missing;
}

/** A reader that makes one call per key. A failed call fails its own key. */
export function createSingleReader<Schema extends StandardSchemaV1, Key, Missing extends "null" | "error">(
  upstream: Upstream,
  scope: UpstreamScope,
  read: SingleRead<Schema, Key, Missing>,
): KeyReader<Key, Output<Schema> | (Missing extends "null" ? null : never)> {
  type Value = Output<Schema> | (Missing extends "null" ? null : never);
  const values = new Map<string, Promise<Value>>();
  const targetOf = (key: Key) => ({
    path: typeof read.path === "function" ? read.path(key) : read.path,
    query: read.query?.(key),
  });
  const idOf = (key: Key): string => {
    if (read.cacheKey) return read.cacheKey(key);
    const { path, query } = targetOf(key);
    return `${path}?${query ?? ""}`;
  };
  const bodyOf = async (key: Key): Promise<Value> => {
    const call = { call: read.call, keys: 1, body: read.body, ...targetOf(key) };
    if (read.notFound !== "null") return (await upstream.get(scope, call)).body;
    const found = await upstream.find(scope, call);
    // The compiler does not narrow `Missing` to "null" here.
    return found === null ? (null as Value) : found.body;
  };
  return {
    // Async, because `path` and `query` may throw: a caller gets a rejection and not an exception.
    load: async (key) => {
      const id = idOf(key);
      const cached = values.get(id);
      if (cached !== undefined) return cached;
      const value = bodyOf(key);
      values.set(id, value);
      return value;
    },
    prime: (key, value) => {
      const id = idOf(key);
      if (!values.has(id)) values.set(id, Promise.resolve(value));
    },
    clear: (key) => void values.delete(idOf(key)),
  };
}
