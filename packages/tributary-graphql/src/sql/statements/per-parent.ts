import { type RawBuilder, sql } from "kysely";
import type { Database, DatabaseKind, TopPerParent } from "../database.ts";
import { isIntegerColumn } from "../dialects/mysql/columns.ts";
import type { Columns } from "../readers/column-loader.ts";
import { type BoundedSelect, boundedSelect, orderClause } from "./bounded.ts";
import { conditionsOfKey, type KeyColumns, type KeyList, keyList } from "./key-list.ts";
import { type KeyValues, ordinalName } from "./keys.ts";
import type { SqlOrder } from "./order.ts";
import type { Parents } from "./parents.ts";
import { tableKey } from "./query-tables.ts";

type DatabaseForm = Pick<Database<unknown>, "kind" | "topPerParent">;

/** The first rows of each of many parents. */
export interface PerParent extends Omit<BoundedSelect, "columns" | "from"> {
  /** The columns of `table` to read; undefined for all. */
  readonly columns: readonly string[] | undefined;
  /** Read beside them, under a name of their own. */
  readonly extras: readonly RawBuilder<unknown>[];
  /** Unique in `table`, or among the rows of a parent. */
  readonly id: readonly string[];
  /** Whether `id` is unique only among the rows of a parent, which are in `table` itself then. */
  readonly isIdOfParent?: boolean;
  readonly parents: Parents & KeyColumns;
}

/** How a database is asked. MySQL joins laterally with integers only. */
export function formOf({ kind, topPerParent }: DatabaseForm, { types }: Pick<KeyColumns, "types">): TopPerParent {
  if (kind !== "mysql" || topPerParent === "union") return topPerParent;
  return types.every(isIntegerColumn) ? "lateral" : "union";
}

/**
 * One statement, which for each parent reads about as many index entries as it gives rows. Which parent a row belongs to
 * stands in it as its last column.
 */
export function selectPerParent(
  database: DatabaseForm,
  read: PerParent,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const { kind } = database;
  const { table, order, parents } = read;
  const outerOrder = orderClause(kind, "page", order, true);
  const all = [...columnsOf(table, read.columns), ...read.extras];
  const form = formOf(database, parents);
  switch (form) {
    case "lateral": {
      const list = keyList(kind, parents, keys, [table]);
      const page = boundedOf(kind, read, all, list.conditions);
      return sql`select page.*, ${list.ordinal} from ${list.from} cross join lateral (${page}) as page${outerOrder}`;
    }
    case "correlated":
      return selectCorrelated(kind, read, keyList(kind, parents, keys, [table]), outerOrder);
    case "union": {
      const parts = keys.map((key, index) => {
        const columns = [...all, ordinalOf(index)];
        return sql`(${boundedOf(kind, read, columns, conditionsOfKey(parents, key))})`;
      });
      return order === undefined
        ? sql.join(parts, sql` union all `)
        : sql`select page.* from (${sql.join(parts, sql` union all `)}) as page${outerOrder}`;
    }
    default:
      return form satisfies never;
  }
}

function selectCorrelated(
  kind: DatabaseKind,
  read: PerParent,
  list: KeyList,
  outerOrder: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const { table, id } = read;
  const needed = read.ranges.length > 1 ? [...new Set([...id, ...orderColumns(read.order)])] : id;
  const bounded = boundedOf(kind, read, columnsOf(table, needed), list.conditions);
  const ids =
    needed.length === id.length ? bounded : sql`select ${sql.join(columnsOf("page", id))} from (${bounded}) as page`;
  const pageIds = columnsOf("page", id);
  const left = pageIds.length === 1 ? sql.join(pageIds) : sql`(${sql.join(pageIds)})`;
  const columns = [...columnsOf("page", read.columns), ...read.extras, list.ordinal];
  // `is true` keeps the database from reading all rows of the parent.
  const ofParent = read.isIdOfParent ? sql` and (${sql.join(list.conditionsOf("page"), sql` and `)}) is true` : sql``;
  return sql`select ${sql.join(columns)} from ${list.from} join ${sql.table(table)} as page on ${left} in (${ids})${ofParent}${outerOrder}`;
}

/** Which of these parents have a row: the first entry of the index answers. Each that has is a row with its ordinal. */
export function selectExisting(
  database: DatabaseForm,
  read: Pick<PerParent, "table" | "conditions" | "parents">,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const { kind } = database;
  const { table, parents } = read;
  const bounded = { ...read, ranges: [[]], limit: 1, columns: [], extras: [], id: [] };
  const form = formOf(database, parents);
  switch (form) {
    case "lateral": {
      const list = keyList(kind, parents, keys, [table]);
      const row = boundedOf(kind, bounded, [sql.lit(1)], list.conditions);
      return sql`select ${list.ordinal} from ${list.from} cross join lateral (${row}) as page`;
    }
    case "correlated": {
      const list = keyList(kind, parents, keys, [table]);
      const row = boundedOf(kind, bounded, [sql.lit(1)], list.conditions);
      return sql`select ${list.ordinal} from ${list.from} where exists (${row})`;
    }
    case "union": {
      const parts = keys.map((key, index) => {
        const row = boundedOf(kind, bounded, [ordinalOf(index)], conditionsOfKey(parents, key));
        return sql`(${row})`;
      });
      return sql.join(parts, sql` union all `);
    }
    default:
      return form satisfies never;
  }
}

function boundedOf(
  kind: DatabaseKind,
  read: PerParent,
  columns: readonly RawBuilder<unknown>[],
  ofKey: BoundedSelect["conditions"],
): RawBuilder<unknown> {
  const { table, join } = read.parents;
  const from = sql`${sql.table(table)}${join(table)}`;
  return boundedSelect(kind, { ...read, from, columns, conditions: [...ofKey, ...read.conditions] });
}

/** Which key the rows of a part belong to, as a column: the last one. */
const ordinalOf = (index: number): RawBuilder<unknown> => sql`${sql.lit(index + 1)} as ${sql.id(ordinalName)}`;

const orderColumns = (order: SqlOrder | undefined): string[] => (order ?? []).map(({ column }) => column);

/** These columns of a table, all for undefined. SQLite takes no schema before a `*`. */
export const columnsOf = (table: string, columns: readonly string[] | undefined): RawBuilder<unknown>[] =>
  columns === undefined ? [sql`${sql.id(tableKey(table))}.*`] : columns.map((column) => sql.ref(`${table}.${column}`));

/** The selected columns, those of the key, and those of the order. */
export function neededColumns(columns: Columns, parents: Parents | undefined, order: SqlOrder | undefined): Columns {
  if (columns === undefined) return undefined;
  const own = parents === undefined || parents.isJoined ? [] : parents.columns;
  return [...new Set([...columns, ...own, ...orderColumns(order)])];
}
