import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import type { ProbeResponse } from "./service.ts";

/** The rows of a response with their keys, as the declaration reads them. */
export interface KeyedRows {
  readonly rows: readonly { readonly key: RestKey; readonly row: unknown }[];
  /** Items of the array that are null. */
  readonly nullCount: number;
  /** Rows without a key. */
  readonly keylessCount: number;
}

export function keyedRows({ keyOf }: BatchDeclaration, { rows = [] }: ProbeResponse): KeyedRows {
  const real = rows.filter((row) => row !== null);
  const keyed = real.flatMap((row) => {
    const key = keyIn(keyOf, row);
    return key == null ? [] : [{ key, row }];
  });
  return { rows: keyed, nullCount: rows.length - real.length, keylessCount: real.length - keyed.length };
}

/** The key of a row. `keyOf` may throw for a row that does not match the declared body. */
function keyIn(keyOf: BatchDeclaration["keyOf"], row: unknown): RestKey | null | undefined {
  try {
    return keyOf(row);
  } catch {
    return undefined;
  }
}

export const hasKey = ({ rows }: KeyedRows, key: RestKey): boolean =>
  rows.some((row) => String(row.key) === String(key));

/** The distinct keys of rows, without those that were requested. */
export function otherKeys({ rows }: KeyedRows, requested: readonly RestKey[]): string[] {
  const known = new Set(requested.map(String));
  return [...new Set(rows.map(({ key }) => String(key)))].filter((key) => !known.has(key));
}
