import type { DatabaseKind } from "../database.ts";

/** The values of a key's columns. */
export type KeyValues = readonly (string | number)[];

/** A column, or the columns of a composite key, as a list. */
export const columnList = (columns: string | readonly string[]): readonly string[] =>
  typeof columns === "string" ? [columns] : columns;

/**
 * The values of a key as it was asked for.
 * @throws TypeError for what is no key of these columns
 */
export function keyValues(call: string, columns: string | readonly string[], key: unknown): KeyValues {
  if (typeof columns === "string") return [checkedValue(call, columns, key)];
  if (typeof key !== "object" || key === null) {
    throw new TypeError(`${call}: expected a key of ${columns.join(", ")}, got ${String(key)}.`);
  }
  return columns.map((column) => checkedValue(call, column, Reflect.get(key, column)));
}

function checkedValue(call: string, column: string, value: unknown): string | number {
  if (typeof value === "string" || Number.isFinite(value)) return value as string | number;
  throw new TypeError(`${call}: expected a text or a number for ${column}, got ${String(value)}.`);
}

/**
 * Tells the keys of a batch apart. `1` and `"1"` are the same, for a database gives long integers as digits; on SQLite they
 * are not, because a column without a type holds either.
 */
export function identify(kind: DatabaseKind, values: readonly unknown[]): string {
  if (kind === "sqlite") return JSON.stringify(values);
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String));
}

/** No row can have half of a surrogate pair in its key, nor on PostgreSQL a NUL; it is not even asked. */
export const canBeStored = (kind: DatabaseKind, values: KeyValues): boolean =>
  values.every(
    (value) => typeof value === "number" || (value.isWellFormed() && !(kind === "postgres" && value.includes("\0"))),
  );

/** The name of the column with the ordinal of a row's key. No column of a table has it. */
export const ordinalName = "key ordinal";

/** The ordinal of a row's key among the keys of its batch, from 0. */
export const ordinalOf = (row: object): number => Number(Reflect.get(row, ordinalName)) - 1;

/**
 * The rows of each of so many keys, in the order of the keys, without their ordinals. They are copies: a row that a
 * property is deleted from becomes a dictionary, which takes twice as long as a copy and is slow to read later.
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
