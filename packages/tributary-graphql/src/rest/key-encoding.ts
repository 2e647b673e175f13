import type { Path } from "./path.ts";

/** The key of a row. `1` and `"1"` are equal. */
export type RestKey = string | number;

/** The part of a call that depends on its keys. */
export type KeyedRequest = { readonly query: string } | { readonly json: unknown; readonly path: Path | undefined };

/** How a call sends several keys. */
export interface KeyEncoding {
  /** The length in the URL without any keys, in characters, with the `?` or `&` before it. */
  readonly fixedLength: number;
  /** The length in the URL of one more key, in characters. */
  lengthOf(key: RestKey): number;
  /** The expectation that a key does not meet, `a key without a comma`; undefined for a valid key. */
  refusalOf(key: RestKey): string | undefined;
  requestOf(keys: readonly RestKey[]): KeyedRequest;
}

/** `?id=1&id=2`: the parameter once per key. */
export function repeated(parameter: string): KeyEncoding {
  const name = encoded(parameter);
  return {
    fixedLength: 0,
    lengthOf: (key) => 1 + name.length + 1 + encoded(key).length,
    refusalOf: () => undefined,
    requestOf: (keys) => ({ query: keys.map((key) => `${name}=${encoded(key)}`).join("&") }),
  };
}

/** `?ids=1,2`: all keys in one parameter, separated by commas. A key with a comma is refused. */
export function commaList(parameter: string): KeyEncoding {
  const name = encoded(parameter);
  return {
    fixedLength: 1 + name.length,
    lengthOf: (key) => 1 + encoded(key).length,
    refusalOf: (key) => (String(key).includes(",") ? "a key without a comma" : undefined),
    requestOf: (keys) => ({ query: `${name}=${keys.map(encoded).join(",")}` }),
  };
}

/**
 * The keys in the JSON body of a POST: `postBody((ids) => ({ ids }))`. The response is never cached.
 * @param options `path`: the path of the POST. Default: the path of the read
 */
export function postBody(
  jsonOf: (keys: readonly RestKey[]) => unknown,
  options: { readonly path?: Path } = {},
): KeyEncoding {
  return {
    fixedLength: 0,
    lengthOf: () => 0,
    refusalOf: () => undefined,
    requestOf: (keys) => ({ json: jsonOf(keys), path: options.path }),
  };
}

const encoded = (text: string | number): string => encodeURIComponent(String(text).toWellFormed());
