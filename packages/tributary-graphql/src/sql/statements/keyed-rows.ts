import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseKind } from "../database.ts";
import { type KeyColumns, type KeyList, keyArray, keyList } from "./key-list.ts";
import type { KeyValues } from "./keys.ts";
import { orderClause, whereClause } from "./keyset-select.ts";
import type { SqlOrder } from "./order.ts";
import type { Parents } from "./parents.ts";
import { columnsOf } from "./per-parent.ts";
import { tableKey } from "./query-tables.ts";

/** The rows of many keys. */
export interface KeyedRows {
  readonly table: string;
  readonly parents: Parents & KeyColumns;
  readonly conditions: readonly Expression<SqlBool>[];
  /** The columns of `table` to read; undefined for all. */
  readonly columns: readonly string[] | undefined;
  readonly order: SqlOrder | undefined;
}

/** Selects the rows of these keys. The last column is the ordinal of the row's key. */
export function selectByKeys(kind: DatabaseKind, rows: KeyedRows, keys: readonly KeyValues[]): RawBuilder<unknown> {
  const { table, parents, columns, conditions, order } = rows;
  if (usesArray(kind, parents)) return selectByArray(rows, keys);
  const list = keyList(kind, parents, keys, [table]);
  const selected = sql.join([...columnsOf(table, columns), list.ordinal]);
  const from = fromKeys(kind, list, parents);
  return sql`select ${selected} from ${from}${whereClause(conditions)}${orderClause(kind, table, order)}`;
}

/** Selects the number of rows per key as `name`, with the key's ordinal. Keys without rows may be missing. */
export function countByKeys(
  kind: DatabaseKind,
  rows: Pick<KeyedRows, "table" | "parents" | "conditions">,
  keys: readonly KeyValues[],
  name: string,
): RawBuilder<unknown> {
  const { table, parents, conditions } = rows;
  if (usesArray(kind, parents)) return countByArray(rows, keys, name);
  const list = keyList(kind, parents, keys, [table]);
  if (kind === "postgres")
    return sql`select count(*) as ${sql.id(name)}, ${list.ordinal} from ${fromKeys(kind, list, parents)}${whereClause(conditions)} group by ${list.ordinal}`;
  // `group by` would sort all rows here.
  const ofKey = whereClause([...list.conditions, ...conditions]);
  return sql`select (select count(*) from ${sql.table(table)}${ofKey}) as ${sql.id(name)}, ${list.ordinal} from ${list.from}`;
}

/** Joins keys and rows. On MySQL, MariaDB and SQLite the join order is fixed: from the keys to the rows. */
function fromKeys(kind: DatabaseKind, list: KeyList, { table, join }: Parents): RawBuilder<unknown> {
  const on = sql`${sql.table(table)} on ${sql.join(list.conditions, sql` and `)}${join(table)}`;
  switch (kind) {
    case "postgres":
      return sql`${list.from} join ${on}`;
    case "sqlite":
      return sql`${list.from} cross join ${on}`;
    case "mysql":
      return sql`${list.from} straight_join ${on}`;
    default:
      return kind satisfies never;
  }
}

/** PostgreSQL plans keys of one column best as an array. */
const usesArray = (kind: DatabaseKind, { columns }: KeyColumns): boolean => kind === "postgres" && columns.length === 1;

/**
 * Finds the rows by `column = any(array)`, for which PostgreSQL can estimate the number of rows, and joins the result with
 * the keys. `offset 0` prevents that the planner joins first: that is an index scan per key, or a sequential scan when it
 * expects many rows.
 */
function selectByArray(
  { table, parents, columns, conditions, order }: KeyedRows,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const array = keyArray(parents, keys, [table]);
  const own = parents.isJoined ? columnsOf(parents.table, undefined) : columnsOf(table, columns);
  const found = whereClause([array.contains, ...(parents.isJoined ? [] : conditions)]);
  const name = tableKey(parents.table);
  const from = sql`(select ${sql.join(own)} from ${sql.table(parents.table)}${found} offset 0) as ${sql.id(name)} join ${array.from} on ${array.equals(sql.id(name, parents.columns[0] ?? ""))}${parents.join(name)}`;
  const selected = sql.join([...columnsOf(tableKey(table), columns), array.ordinal]);
  const where = whereClause(parents.isJoined ? conditions : []);
  return sql`select ${selected} from ${from}${where}${orderClause("postgres", tableKey(table), order)}`;
}

/** Counts the rows grouped by the column, and joins the counts with the keys. */
function countByArray(
  { table, parents, conditions }: Pick<KeyedRows, "table" | "parents" | "conditions">,
  keys: readonly KeyValues[],
  name: string,
): RawBuilder<unknown> {
  const array = keyArray(parents, keys, [table]);
  const column = sql.ref(`${parents.table}.${parents.columns[0]}`);
  const [value, total] = [sql.id("found", "key value"), sql.id("found", name)];
  const counted = sql`select ${column} as "key value", count(*) as ${sql.id(name)} from ${sql.table(table)}${whereClause([array.contains, ...conditions])} group by ${column}`;
  return sql`select ${total}, ${array.ordinal} from (${counted}) as found join ${array.from} on ${array.equals(value)}`;
}
