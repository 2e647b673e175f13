import type { Path } from "./path.ts";

/** The identity of a key. `1` and `"1"` are one key. */
export type RestKey = string | number;

/** The part of a batch's request that depends on its keys. */
export type KeyedRequest = { readonly query: string } | { readonly json: unknown; readonly path: Path | undefined };

/** How an API takes several keys in one call. */
export interface KeyEncoding {
  /** Characters of the URL that a batch takes whatever its keys are, the `?` or `&` before it included. */
  readonly fixedLength: number;
  /** Characters of the URL that one more key takes. */
  lengthOf(key: RestKey): number;
  /** Why this key cannot be asked for; undefined when it can. */
  refusalOf(key: RestKey): string | undefined;
  requestOf(keys: readonly RestKey[]): KeyedRequest;
}

/** `?id=1&id=2`: the parameter once for each key. */
export function repeated(parameter: string): KeyEncoding {
  const name = encoded(parameter);
  return {
    fixedLength: 0,
    lengthOf: (key) => 1 + name.length + 1 + encoded(key).length,
    refusalOf: () => undefined,
    requestOf: (keys) => ({ query: keys.map((key) => `${name}=${encoded(key)}`).join("&") }),
  };
}

/** `?ids=1,2`: one parameter with all keys, commas between them. A key that has a comma is refused. */
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
 * The keys in the JSON body of a POST: `postBody((ids) => ({ ids }))`. For a read that has no other way to take as many
 * keys; it is never cached.
 * @param options `path`: where to send it, if not to the read's own path
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
