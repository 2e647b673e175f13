import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseKind } from "../database.ts";
import {
  type MysqlColumn,
  mysqlEquals,
  mysqlListType,
  mysqlParameter,
  unknownColumn,
} from "../dialects/mysql/columns.ts";
import { KeyParameter } from "./keyed-statement.ts";
import { type KeyValues, ordinalName } from "./keys.ts";
import type { Parents } from "./parents.ts";
import { tableKey } from "./query-tables.ts";

/** The columns that keys are compared with. */
export interface KeyColumns extends Pick<Parents, "table" | "columns"> {
  /** On MySQL and MariaDB, in the order of `columns`. */
  readonly types: readonly MysqlColumn[];
}

/** A batch of keys as something that stands in `from`. */
export interface KeyList {
  readonly from: RawBuilder<unknown>;
  /** Which key of the batch it is, from 1: a column that is called `key ordinal`. */
  readonly ordinal: RawBuilder<unknown>;
  /** The rows of a key: each column equals its value, in the type and the collation of the column. */
  readonly conditions: readonly RawBuilder<SqlBool>[];
  /** The same for the table under another name. */
  conditionsOf(table: string): readonly RawBuilder<SqlBool>[];
}

/** @param others what stands beside the list in the statement, and must not be called as it is */
export function keyList(
  kind: DatabaseKind,
  { table, columns, types }: KeyColumns,
  keys: readonly KeyValues[],
  others: readonly string[],
): KeyList {
  const alias = aliasBeside([table, ...others]);
  // A condition may name columns without their table, so no column of the list is called as one of a table could be.
  const names = columns.map((_, index) => sql.id(columns.length === 1 ? "key value" : `key value ${index}`));
  const ordinal = sql.id(ordinalName);
  const value = (index: number): RawBuilder<unknown> => sql`${sql.raw(alias)}.${names[index] ?? ordinal}`;
  const conditionsOf = (name: string): readonly RawBuilder<SqlBool>[] =>
    columns.map((column, index) => {
      const reference = sql.ref(`${name}.${column}`);
      return kind === "mysql"
        ? sql<SqlBool>`${mysqlEquals(types[index] ?? unknownColumn, reference, value(index))}`
        : sql<SqlBool>`${reference} = ${value(index)}`;
    });
  return {
    from: sql`${listedKeys(kind, { table, columns, types }, keys, names)} as ${sql.raw(alias)}${kind === "postgres" ? sql`(${sql.join([...names, ordinal])})` : sql``}`,
    ordinal: sql`${sql.raw(alias)}.${ordinal}`,
    conditions: conditionsOf(table),
    conditionsOf,
  };
}

/** @param names what the values of a key are called */
function listedKeys(
  kind: DatabaseKind,
  { table, columns, types }: KeyColumns,
  keys: readonly KeyValues[],
  names: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> {
  const ordinal = sql.id(ordinalName);
  const isSingle = columns.length === 1;
  switch (kind) {
    case "postgres": {
      const arrays = columns.map((column, index) => postgresArray(table, column, keys, index));
      return sql`unnest(${sql.join(arrays)}) with ordinality`;
    }
    case "sqlite": {
      // An expression, unlike a column, is converted as the column is that it is compared with: a number to a text.
      const values = names.map((name, index) => sql`${sql.raw(isSingle ? "+value" : `value ->> ${index}`)} as ${name}`);
      return sql`(select key + 1 as ${ordinal}, ${sql.join(values)} from json_each(${sqliteKeys(keys)}))`;
    }
    case "mysql": {
      const listed = names.map(
        (name, index) =>
          sql`${name} ${mysqlListType(types[index] ?? unknownColumn)} path ${sql.lit(isSingle ? "$" : `$[${index}]`)}`,
      );
      return sql`json_table(${mysqlKeys(keys)}, '$[*]' columns (${ordinal} for ordinality, ${sql.join(listed)}))`;
    }
    default:
      return kind satisfies never;
  }
}

/** The rows of one key, whose values stand in the statement, as MariaDB needs it for each part of a union. */
export const conditionsOfKey = ({ table, columns, types }: KeyColumns, key: KeyValues): RawBuilder<SqlBool>[] =>
  columns.map((column, index) => {
    const type = types[index] ?? unknownColumn;
    const value = mysqlParameter(type, key[index] ?? "");
    return sql<SqlBool>`${mysqlEquals(type, sql.ref(`${table}.${column}`), value)}`;
  });

/**
 * One parameter: the values of a column of the keys, which PostgreSQL converts to the type of the column, whatever it is.
 * The select only says which type that is; it is not in the plan. A cast to a named type would have to know its name, and
 * a row of the table's type would check the domains of all columns.
 */
const postgresArray = (table: string, column: string, keys: readonly KeyValues[], index: number): RawBuilder<unknown> =>
  sql`case when false then array(select ${sql.ref(`${table}.${column}`)} from ${sql.table(table)}) else ${new KeyParameter(
    keys,
    (all) => all.map((key) => String(key[index])),
  )} end`;

/** Plain values, or arrays of them where a key has several. */
const sqliteKeys = (keys: readonly KeyValues[]): KeyParameter =>
  new KeyParameter(
    keys,
    (all) =>
      `[${all.map((key) => (key.length === 1 ? sqliteJson(key[0] ?? "") : `[${key.map(sqliteJson).join()}]`)).join()}]`,
  );

/** Beyond what a number holds exactly it is a float: written as one, for SQLite compares an integer with it exactly. */
const sqliteJson = (value: string | number): string =>
  typeof value === "string" || Math.abs(value) <= Number.MAX_SAFE_INTEGER
    ? JSON.stringify(value)
    : value.toExponential();

const mysqlKeys = (keys: readonly KeyValues[]): KeyParameter =>
  new KeyParameter(keys, (all) =>
    JSON.stringify(all.map((key) => (key.length === 1 ? String(key[0]) : key.map(String)))),
  );

/** Some databases do not tell names apart by case. */
function aliasBeside(tables: readonly string[]): string {
  const names = new Set(tables.map((table) => tableKey(table).toLowerCase()));
  return ["wanted", "wanted_key"].find((alias) => !names.has(alias)) ?? "wanted_of_page";
}

/** Keys of one column on PostgreSQL, as an array. */
export interface KeyArray {
  /** Whether a row has one of the keys. It stands in the statement before the rest, and before any other parameter. */
  readonly contains: RawBuilder<SqlBool>;
  /** The keys with their ordinals. */
  readonly from: RawBuilder<unknown>;
  readonly ordinal: RawBuilder<unknown>;
  /** Whether this is the column's value of a row with the key. */
  equals(value: RawBuilder<unknown>): RawBuilder<SqlBool>;
}

/**
 * The keys are sent once, as the first parameter. It takes the type that the column is compared in: of a domain the type
 * below, so that no key is refused for the domain's sake.
 *
 * @param others tables that stand beside the list in the statement
 */
export function keyArray(
  { table, columns }: KeyColumns,
  keys: readonly KeyValues[],
  others: readonly string[],
): KeyArray {
  const alias = sql.raw(aliasBeside([table, "found", ...others]));
  const parameter = new KeyParameter(keys, (all) => all.map(([value]) => String(value)));
  const [value, ordinal] = [sql.id("key value"), sql.id(ordinalName)];
  return {
    contains: sql`${sql.ref(`${table}.${columns[0]}`)} = any(${parameter})`,
    from: sql`unnest($1) with ordinality as ${alias}(${value}, ${ordinal})`,
    ordinal: sql`${alias}.${ordinal}`,
    equals: (column) => sql`${column} = ${alias}.${value}`,
  };
}
