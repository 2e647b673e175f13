import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import type { Answer } from "./service.ts";

/** The rows of an answer, by what the declaration says of them. */
export interface KeyedRows {
  readonly rows: readonly { readonly key: RestKey; readonly row: unknown }[];
  /** Slots with null in them. */
  readonly nullCount: number;
  /** Rows without a key. */
  readonly keylessCount: number;
}

export function keyedRows({ keyOf }: BatchDeclaration, { rows = [] }: Answer): KeyedRows {
  const real = rows.filter((row) => row !== null);
  const keyed = real.flatMap((row) => {
    const key = keyIn(keyOf, row);
    return key == null ? [] : [{ key, row }];
  });
  return { rows: keyed, nullCount: rows.length - real.length, keylessCount: real.length - keyed.length };
}

/** A row that is not what was declared may have nothing where its key should be. */
function keyIn(keyOf: BatchDeclaration["keyOf"], row: unknown): RestKey | null | undefined {
  try {
    return keyOf(row);
  } catch {
    return undefined;
  }
}

export const hasKey = ({ rows }: KeyedRows, key: RestKey): boolean =>
  rows.some((row) => String(row.key) === String(key));

/** Distinct keys of rows that nobody asked for. */
export function unaskedKeys({ rows }: KeyedRows, asked: readonly RestKey[]): string[] {
  const known = new Set(asked.map(String));
  return [...new Set(rows.map(({ key }) => String(key)))].filter((key) => !known.has(key));
}
