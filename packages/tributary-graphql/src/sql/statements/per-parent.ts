import { type RawBuilder, sql } from "kysely";
import type { Database, DatabaseKind, TopPerParent } from "../database.ts";
import { isIntegerColumn } from "../dialects/mysql/columns.ts";
import type { Columns } from "../readers/column-loader.ts";
import { conditionsOfKey, type KeyColumns, type KeyList, keyList } from "./key-list.ts";
import { type KeyValues, ordinalName } from "./keys.ts";
import { type KeysetSelect, keysetSelect, orderClause } from "./keyset-select.ts";
import type { SqlOrder } from "./order.ts";
import type { Parents } from "./parents.ts";
import { tableKey } from "./query-tables.ts";

type StrategyInput = Pick<Database<unknown>, "kind" | "topPerParent">;

/** The first rows of each of many parents. */
export interface PerParent extends Omit<KeysetSelect, "columns" | "from"> {
  /** The columns of `table` to read; undefined for all. */
  readonly columns: readonly string[] | undefined;
  /** Extra select expressions. */
  readonly extras: readonly RawBuilder<unknown>[];
  /** Unique in `table`, or per parent. */
  readonly id: readonly string[];
  /** Whether `id` is unique only per parent. Then `table` itself has the parent's columns. */
  readonly isIdOfParent?: boolean;
  readonly parents: Parents & KeyColumns;
}

/** The strategy for these keys. MySQL uses a lateral join only for integers. */
export function strategyOf({ kind, topPerParent }: StrategyInput, { types }: Pick<KeyColumns, "types">): TopPerParent {
  if (kind !== "mysql" || topPerParent === "union") return topPerParent;
  return types.every(isIntegerColumn) ? "lateral" : "union";
}

/**
 * Selects the first rows of each parent. It reads about one index entry per returned row. The last column is the ordinal of
 * the row's parent.
 */
export function selectPerParent(
  database: StrategyInput,
  read: PerParent,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const { kind } = database;
  const { table, order, parents } = read;
  const outerOrder = orderClause(kind, "page", order, true);
  const all = [...columnsOf(table, read.columns), ...read.extras];
  const strategy = strategyOf(database, parents);
  switch (strategy) {
    case "lateral": {
      const list = keyList(kind, parents, keys, [table]);
      const page = keysetSelectOf(kind, read, all, list.conditions);
      return sql`select page.*, ${list.ordinal} from ${list.from} cross join lateral (${page}) as page${outerOrder}`;
    }
    case "correlated":
      return selectCorrelated(kind, read, keyList(kind, parents, keys, [table]), outerOrder);
    case "union": {
      const parts = keys.map((key, index) => {
        const columns = [...all, ordinalOf(index)];
        return sql`(${keysetSelectOf(kind, read, columns, conditionsOfKey(parents, key))})`;
      });
      return order === undefined
        ? sql.join(parts, sql` union all `)
        : sql`select page.* from (${sql.join(parts, sql` union all `)}) as page${outerOrder}`;
    }
    default:
      return strategy satisfies never;
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
  const select = keysetSelectOf(kind, read, columnsOf(table, needed), list.conditions);
  const ids =
    needed.length === id.length ? select : sql`select ${sql.join(columnsOf("page", id))} from (${select}) as page`;
  const pageIds = columnsOf("page", id);
  const left = pageIds.length === 1 ? sql.join(pageIds) : sql`(${sql.join(pageIds)})`;
  const columns = [...columnsOf("page", read.columns), ...read.extras, list.ordinal];
  // `is true` prevents that SQLite uses this condition to read all rows of the parent.
  const ofParent = read.isIdOfParent ? sql` and (${sql.join(list.conditionsOf("page"), sql` and `)}) is true` : sql``;
  return sql`select ${sql.join(columns)} from ${list.from} join ${sql.table(table)} as page on ${left} in (${ids})${ofParent}${outerOrder}`;
}

/** Selects the ordinals of the parents that have a row. It reads one index entry per parent. */
export function selectExisting(
  database: StrategyInput,
  read: Pick<PerParent, "table" | "conditions" | "parents">,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const { kind } = database;
  const { table, parents } = read;
  const select = { ...read, ranges: [[]], limit: 1, columns: [], extras: [], id: [] };
  const strategy = strategyOf(database, parents);
  switch (strategy) {
    case "lateral": {
      const list = keyList(kind, parents, keys, [table]);
      const row = keysetSelectOf(kind, select, [sql.lit(1)], list.conditions);
      return sql`select ${list.ordinal} from ${list.from} cross join lateral (${row}) as page`;
    }
    case "correlated": {
      const list = keyList(kind, parents, keys, [table]);
      const row = keysetSelectOf(kind, select, [sql.lit(1)], list.conditions);
      return sql`select ${list.ordinal} from ${list.from} where exists (${row})`;
    }
    case "union": {
      const parts = keys.map((key, index) => {
        const row = keysetSelectOf(kind, select, [ordinalOf(index)], conditionsOfKey(parents, key));
        return sql`(${row})`;
      });
      return sql.join(parts, sql` union all `);
    }
    default:
      return strategy satisfies never;
  }
}

function keysetSelectOf(
  kind: DatabaseKind,
  read: PerParent,
  columns: readonly RawBuilder<unknown>[],
  keyConditions: KeysetSelect["conditions"],
): RawBuilder<unknown> {
  const { table, join } = read.parents;
  const from = sql`${sql.table(table)}${join(table)}`;
  return keysetSelect(kind, { ...read, from, columns, conditions: [...keyConditions, ...read.conditions] });
}

/** The ordinal of the key as a literal column, for one part of a union. */
const ordinalOf = (index: number): RawBuilder<unknown> => sql`${sql.lit(index + 1)} as ${sql.id(ordinalName)}`;

const orderColumns = (order: SqlOrder | undefined): string[] => (order ?? []).map(({ column }) => column);

/** The qualified columns of a table; all for undefined. SQLite accepts no schema before `*`. */
export const columnsOf = (table: string, columns: readonly string[] | undefined): RawBuilder<unknown>[] =>
  columns === undefined ? [sql`${sql.id(tableKey(table))}.*`] : columns.map((column) => sql.ref(`${table}.${column}`));

/** The union of the selected columns, those of the key, and those of the order. */
export function neededColumns(columns: Columns, parents: Parents | undefined, order: SqlOrder | undefined): Columns {
  if (columns === undefined) return undefined;
  const own = parents === undefined || parents.isJoined ? [] : parents.columns;
  return [...new Set([...columns, ...own, ...orderColumns(order)])];
}
