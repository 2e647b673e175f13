import type { DatabaseKind } from "../database.ts";

/** A key as the list of its column values. */
export type KeyValues = readonly (string | number)[];

/** The columns of a single or composite key as a list. */
export const columnList = (columns: string | readonly string[]): readonly string[] =>
  typeof columns === "string" ? [columns] : columns;

/**
 * Converts the key parameter of a `load` to the list of its values.
 * @throws TypeError when a value is missing or not a string or a number
 */
export function keyValues(call: string, columns: string | readonly string[], key: unknown): KeyValues {
  if (typeof columns === "string") return [checkedValue(call, columns, key)];
  if (typeof key !== "object" || key === null) {
    throw new TypeError(`${call}: expected a key object with ${columns.join(", ")}, got ${String(key)}.`);
  }
  return columns.map((column) => checkedValue(call, column, Reflect.get(key, column)));
}

function checkedValue(call: string, column: string, value: unknown): string | number {
  if (typeof value === "string" || Number.isFinite(value)) return value as string | number;
  throw new TypeError(`${call}: expected a string or a number for ${column}, got ${String(value)}.`);
}

/**
 * The canonical text of a key. `1` and `"1"` are the same key, because long integers are strings of digits. On SQLite they
 * differ, because a column without a type can store both.
 */
export function canonicalKey(kind: DatabaseKind, values: readonly unknown[]): string {
  if (kind === "sqlite") return JSON.stringify(values);
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String));
}

/** False for a text that no row can have: one with a lone surrogate, or on PostgreSQL with a NUL. */
export const canBeStored = (kind: DatabaseKind, values: KeyValues): boolean =>
  values.every(
    (value) => typeof value === "number" || (value.isWellFormed() && !(kind === "postgres" && value.includes("\0"))),
  );

/** The column with the ordinal of a row's key. Must not be the name of a table's column. */
export const ordinalName = "key ordinal";

/** The index of a row's key in its batch, from 0. */
export const ordinalOf = (row: object): number => Number(Reflect.get(row, ordinalName)) - 1;

/**
 * Groups rows by key, in the order of the keys, and removes their ordinals. The rows are copies: `delete` would turn the
 * object into V8's dictionary mode, which takes twice as long and makes later reads slow.
 */
export function groupByKey<Row extends object>(rows: readonly Row[], keys: readonly KeyValues[]): Row[][] {
  const groups: Row[][] = keys.map(() => []);
  for (const row of rows) groups[ordinalOf(row)]?.push(withoutOrdinal(row));
  return groups;
}

function withoutOrdinal<Row extends object>(row: Row): Row {
  const { [ordinalName]: _, ...own } = row as Row & { readonly [ordinalName]?: unknown };
  return own as Row;
}
