import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "./open.ts";
import { tableKey } from "./query-tables.ts";
import { KeyParameter } from "./statements.ts";

type Kind = Database<unknown>["kind"];

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

/** Tells keys apart: `1` and `"1"` are the same, for a database gives long integers as digits. */
export const identify = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String));

/** The key that a row has in these columns; undefined where one is NULL. */
export function rowKey(row: object, columns: readonly string[]): string | undefined {
  const [column, ...others] = columns;
  if (column !== undefined && others.length === 0) {
    const value: unknown = Reflect.get(row, column);
    return value === null || value === undefined ? undefined : String(value);
  }
  const values = columns.map((column) => Reflect.get(row, column));
  return values.some((value) => value === null || value === undefined) ? undefined : identify(values);
}

/** No row can have half of a surrogate pair in its key, nor on PostgreSQL a NUL; it is not even asked. */
export const canBeStored = (kind: Kind, values: KeyValues): boolean =>
  values.every(
    (value) => typeof value === "number" || (value.isWellFormed() && !(kind === "postgres" && value.includes("\0"))),
  );

/** Keys with their values of one column all numbers or all texts: of a list with both, MariaDB uses no index. */
export function sameTypes(keys: readonly KeyValues[]): readonly KeyValues[] {
  const [first = []] = keys;
  const isText = first.map((_, column) => keys.some((values) => typeof values[column] === "string"));
  return keys.map((values) => values.map((value, column) => (isText[column] ? String(value) : value)));
}

/** The rows of `table` whose key is one of these, by a search in an index of these columns for each. */
export function hasKeyAmong(
  kind: Kind,
  table: string,
  columns: readonly string[],
  keys: readonly KeyValues[],
): RawBuilder<SqlBool> {
  const references = columns.map((column) => sql.ref(`${table}.${column}`));
  const left = references.length === 1 ? sql.join(references) : sql`(${sql.join(references)})`;
  switch (kind) {
    case "postgres":
      return references.length === 1
        ? sql`${left} = any(${postgresArray(keys)})`
        : sql`${left} in (select ${sql.join(columns.map((column) => sql.ref(column)))} from ${postgresRecords(table, columns, keys)})`;
    case "sqlite":
      return sql`${left} in (select ${sql.join(columns.map((_, index) => sqliteValue("value", columns, index)))} from json_each(${sqliteList(keys)}))`;
    case "mysql":
      return sql`${left} in (${sql.join(sameTypes(keys).map((values) => (values.length === 1 ? sql`${values[0]}` : sql`(${sql.join(values)})`)))})`;
    default:
      return kind satisfies never;
  }
}

/** One parameter. Of texts PostgreSQL takes the type of the column that they are compared with, `uuid[]` for one. */
function postgresArray(keys: readonly KeyValues[]): RawBuilder<unknown> {
  const type = numberType(firstValues(keys));
  return type === undefined
    ? sql`${new KeyParameter(keys, (all) => firstValues(all).map(String))}`
    : sql`${new KeyParameter(keys, firstValues)}::${sql.raw(`${type}[]`)}`;
}

const firstValues = (keys: readonly KeyValues[]): (string | number)[] => keys.map(([value]) => value ?? "");

function numberType(values: readonly (string | number)[]): "bigint" | "double precision" | undefined {
  if (values.some((value) => typeof value === "string")) return undefined;
  return values.every(Number.isSafeInteger) ? "bigint" : "double precision";
}

/** The keys as rows of the table that they are compared with, so that each column has its type. */
const postgresRecords = (
  table: string,
  columns: readonly string[],
  keys: readonly KeyValues[],
): RawBuilder<unknown> => {
  const encode = (all: readonly KeyValues[]): string =>
    JSON.stringify(all.map((values) => Object.fromEntries(columns.map((column, index) => [column, values[index]]))));
  return sql`json_populate_recordset(null::${sql.table(table)}, ${new KeyParameter(keys, encode)})`;
};

/** Plain values, or arrays of them where a key has several. */
const sqliteList = (keys: readonly KeyValues[]): KeyParameter =>
  new KeyParameter(keys, (all) => JSON.stringify(all.map((values) => (values.length === 1 ? values[0] : values))));

const sqliteValue = (list: string, columns: readonly string[], index: number): RawBuilder<unknown> =>
  columns.length === 1 ? sql.raw(list) : sql`${sql.raw(list)} ->> ${sql.lit(index)}`;

/** Keys as something that stands in `from`, and how each of their values is named there. */
export interface ParentList {
  readonly from: RawBuilder<unknown>;
  readonly values: readonly RawBuilder<unknown>[];
}

/** @param others what stands beside the list in the statement, and must not be called as it is */
export function parentList(
  kind: Kind,
  table: string,
  columns: readonly string[],
  keys: readonly KeyValues[],
  others: readonly string[],
): ParentList {
  const alias = aliasBeside([table, ...others]);
  switch (kind) {
    case "postgres": {
      if (columns.length === 1 && numberType(firstValues(keys)) !== undefined)
        return {
          from: sql`unnest(${postgresArray(keys)}) as ${sql.raw(alias)}(value)`,
          values: [sql.raw(`${alias}.value`)],
        };
      return {
        from: sql`${postgresRecords(table, columns, keys)} as ${sql.raw(alias)}`,
        values: columns.map((column) => sql`${sql.raw(alias)}.${sql.id(column)}`),
      };
    }
    case "sqlite":
      return {
        from: sql`json_each(${sqliteList(keys)}) as ${sql.raw(alias)}`,
        values: columns.map((_, index) => sqliteValue(`${alias}.value`, columns, index)),
      };
    case "mysql": {
      const paths = columns.map((_, index) => sql`${sql.raw(`value${index}`)} bigint path ${sql.lit(`$[${index}]`)}`);
      return {
        from: sql`json_table(${JSON.stringify(keys)}, '$[*]' columns (${sql.join(paths)})) as ${sql.raw(alias)}`,
        values: columns.map((_, index) => sql.raw(`${alias}.value${index}`)),
      };
    }
    default:
      return kind satisfies never;
  }
}

/** Some databases do not tell names apart by case. */
function aliasBeside(tables: readonly string[]): string {
  const names = new Set(tables.map((table) => tableKey(table).toLowerCase()));
  return ["parent", "parent_key"].find((alias) => !names.has(alias)) ?? "parent_of_page";
}

/**
 * True where a column has exactly this value, whatever its collation is: texts that differ in case or in accents, and for
 * MySQL those that differ in blanks at their end, are different keys. On SQLite an index of another collation than
 * `BINARY` does not serve it; elsewhere every index does.
 */
export function equalsExactly(
  kind: Kind,
  reference: RawBuilder<unknown>,
  value: RawBuilder<unknown>,
  isText: boolean,
): RawBuilder<SqlBool> {
  if (isText && kind === "sqlite") return sql`${reference} = ${value} collate binary`;
  if (isText && kind === "mysql")
    return sql`${reference} = ${value} and convert(${reference} using utf8mb4) = cast(${value} as binary)`;
  return sql`${reference} = ${value}`;
}
