import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { KeyReader } from "./by-key.ts";
import type { Path } from "./path.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamScope } from "./upstream-read.ts";

/** An endpoint that takes one key per call. */
export interface SingleRead<Schema extends StandardSchemaV1, Key, Missing extends "null" | "error" = "error"> {
  /** The name in the call log. */
  readonly call: string;
  /** With values in it, make it with `path`, which encodes them. */
  readonly path: Path | ((key: Key) => Path);
  /** Text is taken as it is, so it must be encoded, as `queryOf` does. */
  readonly query?: (key: Key) => URLSearchParams | string;
  readonly body: Schema;
  /** Equal for keys that are one. Default: the path and the query that a key is asked by. */
  readonly cacheKey?: (key: Key) => string;
  /** The meaning of a 404: `null` where the resource does not exist, or an error as any other status. Default `error`. */
  readonly notFound?: Missing;
}

/** A call for each key; no batch. What one fails with is its own. */
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
    // Null is one of the values then, which the compiler does not conclude from what the condition above has ruled out.
    return found === null ? (null as Value) : found.body;
  };
  return {
    // Async, so that a key that makes no path is a rejection and not an exception.
    load: async (key) => {
      const id = idOf(key);
      const known = values.get(id);
      if (known !== undefined) return known;
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
