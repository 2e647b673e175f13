import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseKind } from "../database.ts";
import { orderClause, whereClause } from "./bounded.ts";
import { type KeyColumns, type KeyList, keyArray, keyList } from "./key-list.ts";
import type { KeyValues } from "./keys.ts";
import type { SqlOrder } from "./order.ts";
import type { Parents } from "./parents.ts";
import { columnsOf } from "./per-parent.ts";
import { tableKey } from "./query-tables.ts";

/** All rows of many keys. */
export interface KeyedRows {
  readonly table: string;
  readonly parents: Parents & KeyColumns;
  readonly conditions: readonly Expression<SqlBool>[];
  /** The columns of `table` to read; undefined for all. */
  readonly columns: readonly string[] | undefined;
  readonly order: SqlOrder | undefined;
}

/** One statement for the rows of these keys, each with the ordinal of its key as its last column. */
export function selectByKeys(kind: DatabaseKind, rows: KeyedRows, keys: readonly KeyValues[]): RawBuilder<unknown> {
  const { table, parents, columns, conditions, order } = rows;
  if (isArray(kind, parents)) return selectByArray(rows, keys);
  const list = keyList(kind, parents, keys, [table]);
  const selected = sql.join([...columnsOf(table, columns), list.ordinal]);
  const from = fromKeys(kind, list, parents);
  return sql`select ${selected} from ${from}${whereClause(conditions)}${orderClause(kind, table, order)}`;
}

/** One statement for how many rows each of these keys has: `name` and the ordinal. Keys without any may be left out. */
export function countByKeys(
  kind: DatabaseKind,
  rows: Pick<KeyedRows, "table" | "parents" | "conditions">,
  keys: readonly KeyValues[],
  name: string,
): RawBuilder<unknown> {
  const { table, parents, conditions } = rows;
  if (isArray(kind, parents)) return countByArray(rows, keys, name);
  const list = keyList(kind, parents, keys, [table]);
  if (kind === "postgres")
    return sql`select count(*) as ${sql.id(name)}, ${list.ordinal} from ${fromKeys(kind, list, parents)}${whereClause(conditions)} group by ${list.ordinal}`;
  // They would sort all rows to group them.
  const ofKey = whereClause([...list.conditions, ...conditions]);
  return sql`select (select count(*) from ${sql.table(table)}${ofKey}) as ${sql.id(name)}, ${list.ordinal} from ${list.from}`;
}

/** MySQL, MariaDB and SQLite go from the keys to the rows, whatever they know of the table. */
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

/** Of keys of one column PostgreSQL searches an index best by an array of them. */
const isArray = (kind: DatabaseKind, { columns }: KeyColumns): boolean => kind === "postgres" && columns.length === 1;

/**
 * The rows are found as by the statement that people write by hand, `column = any(array)`, of which PostgreSQL knows how
 * many rows to expect; then the rows that were found are joined with the keys. `offset 0` keeps it from joining first,
 * which would be a search of the index for each key and, where it expects many rows, reading the table from end to end.
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

/** The rows are counted by the column, and the counts joined with the keys. */
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
