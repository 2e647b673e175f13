import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseKind } from "../database.ts";
import {
  type MysqlColumn,
  mysqlEquals,
  mysqlKeyParameter,
  mysqlListType,
  unknownColumn,
} from "../dialects/mysql/columns.ts";
import { KeyParameter } from "./compiled-statements.ts";
import { type KeyValues, ordinalName } from "./keys.ts";
import type { Parents } from "./parents.ts";
import { tableKey } from "./query-tables.ts";

/** The columns that keys are compared with. */
export interface KeyColumns extends Pick<Parents, "table" | "columns"> {
  /** The column types on MySQL and MariaDB, in the order of `columns`. */
  readonly types: readonly MysqlColumn[];
}

/** A batch of keys as a derived table. */
export interface KeyList {
  readonly from: RawBuilder<unknown>;
  /** The column `key ordinal`: the position of the key in the batch, from 1. */
  readonly ordinal: RawBuilder<unknown>;
  /** The join conditions: each column equals its value, in the type and the collation of the column. */
  readonly conditions: readonly RawBuilder<SqlBool>[];
  /** The join conditions for another alias of the table. */
  conditionsOf(table: string): readonly RawBuilder<SqlBool>[];
}

/** @param others other tables of the statement; the alias of the list must differ from them */
export function keyList(
  kind: DatabaseKind,
  { table, columns, types }: KeyColumns,
  keys: readonly KeyValues[],
  others: readonly string[],
): KeyList {
  const alias = aliasBeside([table, ...others]);
  // A condition may have unqualified column names, so the list's column names must not be those of a table.
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

/** @param names the column names for the values of a key */
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
      // Unlike a column, an expression has no affinity, so it gets that of the compared column: `+` makes it one.
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

/** The conditions for one key as parameters, for each part of a union on MariaDB. */
export const conditionsOfKey = ({ table, columns, types }: KeyColumns, key: KeyValues): RawBuilder<SqlBool>[] =>
  columns.map((column, index) => {
    const type = types[index] ?? unknownColumn;
    const value = mysqlKeyParameter(type, key[index] ?? "");
    return sql<SqlBool>`${mysqlEquals(type, sql.ref(`${table}.${column}`), value)}`;
  });

/**
 * One array parameter with the keys' values of a column. The select only gives the parameter the type of the column,
 * without knowing its name; the planner removes it. A row of the table's type would check the domains of all columns.
 */
const postgresArray = (table: string, column: string, keys: readonly KeyValues[], index: number): RawBuilder<unknown> =>
  sql`case when false then array(select ${sql.ref(`${table}.${column}`)} from ${sql.table(table)}) else ${new KeyParameter(
    keys,
    (all) => all.map((key) => String(key[index])),
  )} end`;

/** A JSON array of values, or of arrays for composite keys. */
const sqliteKeys = (keys: readonly KeyValues[]): KeyParameter =>
  new KeyParameter(
    keys,
    (all) =>
      `[${all.map((key) => (key.length === 1 ? sqliteJson(key[0] ?? "") : `[${key.map(sqliteJson).join()}]`)).join()}]`,
  );

/** A number beyond 2^53 - 1 is written as a float, because SQLite would compare an integer literal exactly. */
const sqliteJson = (value: string | number): string =>
  typeof value === "string" || Math.abs(value) <= Number.MAX_SAFE_INTEGER
    ? JSON.stringify(value)
    : value.toExponential();

const mysqlKeys = (keys: readonly KeyValues[]): KeyParameter =>
  new KeyParameter(keys, (all) =>
    JSON.stringify(all.map((key) => (key.length === 1 ? String(key[0]) : key.map(String)))),
  );

/** Compares in lower case, because identifiers are case-insensitive in some databases. */
function aliasBeside(tables: readonly string[]): string {
  const names = new Set(tables.map((table) => tableKey(table).toLowerCase()));
  return ["wanted", "wanted_key"].find((alias) => !names.has(alias)) ?? "wanted_of_page";
}

/** Keys of one column on PostgreSQL as an array parameter. */
export interface KeyArray {
  /** The condition that a row has one of the keys. It must be the first part of the statement with a parameter. */
  readonly contains: RawBuilder<SqlBool>;
  /** The keys with their ordinals as a derived table. */
  readonly from: RawBuilder<unknown>;
  readonly ordinal: RawBuilder<unknown>;
  /** The condition that a value of the column equals the key. */
  equals(value: RawBuilder<unknown>): RawBuilder<SqlBool>;
}

/**
 * The keys are sent once, as the parameter `$1`. PostgreSQL infers its type from the comparison: for a domain the base
 * type, so that the domain's constraints reject no key.
 *
 * @param others other tables of the statement
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
