import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import { type BoundedSelect, boundedSelect, orderClause } from "./bounded.ts";
import type { Columns } from "./column-loader.ts";
import { equalsExactly, type KeyValues, type ParentList, parentList, sameTypes } from "./keys.ts";
import type { Database, TopPerParent } from "./open.ts";
import type { Order } from "./order.ts";
import { joinedColumns, type Parents } from "./parents.ts";
import { tableKey } from "./query-tables.ts";

type DatabaseForm = Pick<Database<unknown>, "kind" | "topPerParent">;

/** The first rows of each of many parents. */
export interface PerParent extends Omit<BoundedSelect, "columns" | "from"> {
  /** The columns of `table` to read; undefined for all. */
  readonly columns: readonly string[] | undefined;
  /** Read beside them, under a name of their own. */
  readonly extras: readonly RawBuilder<unknown>[];
  /** Unique in `table`. */
  readonly id: readonly string[];
  readonly parents: Parents;
}

/**
 * How a database is asked. MySQL joins laterally with integers only: a list of texts that is joined has a collation of its
 * own, with which the index of a column of another one cannot be searched; a text in the statement takes the column's.
 */
export function formOf({ kind, topPerParent }: DatabaseForm, keys: readonly KeyValues[]): TopPerParent {
  if (kind !== "mysql" || topPerParent === "union") return topPerParent;
  return keys.every((values) => values.every(Number.isSafeInteger)) ? "lateral" : "union";
}

/**
 * One statement, which for each parent reads about as many index entries as it gives rows. The values of the parent stand
 * in each row.
 */
export function selectPerParent(
  database: DatabaseForm,
  read: PerParent,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const { kind } = database;
  const { table, order } = read;
  const outerOrder = orderClause(kind, "page", order);
  const all = [...columnsOf(table, read.columns), ...read.extras];
  const form = formOf(database, keys);
  switch (form) {
    case "lateral": {
      const list = listOfParents(kind, read, keys);
      const page = ofParent(kind, read, [...all, ...joinedColumns(read.parents)], list.values, keys);
      return sql`select page.* from ${list.from} cross join lateral (${page}) as page${outerOrder}`;
    }
    case "correlated": {
      const list = listOfParents(kind, read, keys);
      return selectCorrelated(kind, read, list, keys, outerOrder);
    }
    case "union": {
      const parts = sameTypes(keys).map((values) => {
        const page = ofParent(
          kind,
          read,
          [...all, ...joinedColumns(read.parents)],
          values.map((value) => sql`${value}`),
          keys,
        );
        return sql`(${page})`;
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
  kind: Database<unknown>["kind"],
  read: PerParent,
  list: ParentList,
  keys: readonly KeyValues[],
  outerOrder: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const { table, id } = read;
  const needed = read.ranges.length > 1 ? [...new Set([...id, ...orderColumns(read.order)])] : id;
  const bounded = ofParent(kind, read, columnsOf(table, needed), list.values, keys);
  const ids =
    needed.length === id.length ? bounded : sql`select ${sql.join(columnsOf("page", id))} from (${bounded}) as page`;
  const pageIds = columnsOf("page", id);
  const left = pageIds.length === 1 ? sql.join(pageIds) : sql`(${sql.join(pageIds)})`;
  const names = read.parents.isJoined ? named(list.values, read.parents.names) : [];
  const columns = [...columnsOf("page", read.columns), ...read.extras, ...names];
  return sql`select ${sql.join(columns)} from ${list.from} join ${sql.table(table)} as page on ${left} in (${ids})${outerOrder}`;
}

/** Which of these parents have a row: the first entry of the index answers. Each that has is a row with its values as `names`. */
export function selectExisting(
  database: DatabaseForm,
  read: Pick<PerParent, "table" | "conditions" | "parents">,
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const bounded = { ...read, ranges: [[]], limit: 1, columns: read.parents.columns, extras: [], id: [] };
  if (database.topPerParent !== "correlated") return selectPerParent(database, bounded, keys);
  const list = listOfParents(database.kind, read, keys);
  const values = named(list.values, read.parents.names);
  const page = ofParent(database.kind, bounded, [sql.lit(1)], list.values, keys);
  return sql`select ${sql.join(values)} from ${list.from} where exists (${page})`;
}

const listOfParents = (
  kind: Database<unknown>["kind"],
  { table, parents }: Pick<PerParent, "table" | "parents">,
  keys: readonly KeyValues[],
): ParentList => parentList(kind, parents.table, parents.columns, keys, [table]);

function ofParent(
  kind: Database<unknown>["kind"],
  read: PerParent,
  columns: readonly RawBuilder<unknown>[],
  values: readonly RawBuilder<unknown>[],
  keys: readonly KeyValues[],
): RawBuilder<unknown> {
  const conditions = [...isOfParent(kind, read.parents, values, keys), ...read.conditions];
  return boundedSelect(kind, { ...read, from: read.parents.from, columns, conditions });
}

/** The conditions for the rows of the parent with these values, which are of the types that the keys have. */
export const isOfParent = (
  kind: Database<unknown>["kind"],
  { table, columns }: Parents,
  values: readonly RawBuilder<unknown>[],
  keys: readonly KeyValues[],
): Expression<SqlBool>[] =>
  columns.map((column, index) => {
    const isText = keys.some((key) => typeof key[index] === "string");
    return equalsExactly(kind, sql.ref(`${table}.${column}`), values[index] ?? sql`null`, isText);
  });

const named = (values: readonly RawBuilder<unknown>[], names: readonly string[]): RawBuilder<unknown>[] =>
  values.map((value, index) => sql`${value} as ${sql.id(names[index] ?? "")}`);

const orderColumns = (order: Order | undefined): string[] => (order ?? []).map(({ column }) => column);

/** These columns of a table, all for undefined. SQLite takes no schema before a `*`. */
export const columnsOf = (table: string, columns: readonly string[] | undefined): RawBuilder<unknown>[] =>
  columns === undefined ? [sql`${sql.id(tableKey(table))}.*`] : columns.map((column) => sql.ref(`${table}.${column}`));

/** What is asked for, what rows are matched with their parents by, and what they are ordered by. */
export function neededColumns(columns: Columns, parents: Parents | undefined, order: Order | undefined): Columns {
  if (columns === undefined) return undefined;
  const own = parents === undefined || parents.isJoined ? [] : parents.columns;
  return [...new Set([...columns, ...own, ...orderColumns(order)])];
}
