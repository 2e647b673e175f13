import { type Expression, type ExpressionBuilder, expressionBuilder, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "./open.ts";
import { isAfter, type Order, type OrderValues, orderBy, reversed } from "./order.ts";
import type { ReadScope } from "./read.ts";
import { read } from "./read.ts";

export type TableName<Schema> = keyof Schema & string;
export type ColumnName<Schema, Table extends keyof Schema> = keyof Schema[Table] & string;

/** Which rows of a table, in which order. */
export interface PageSource<Schema, Table extends TableName<Schema>> {
  readonly table: Table;
  readonly orderBy: Order<ColumnName<Schema, Table>>;
  readonly where?: (builder: ExpressionBuilder<Schema, Table>) => Expression<SqlBool>;
}

/** Which part of them: the first or the last `size` rows between two places, both left out. */
export interface PageWindow {
  readonly size: number;
  readonly backward: boolean;
  readonly after?: OrderValues;
  readonly before?: OrderValues;
}

/** The rows of a window in the source's order, and whether more follow in the direction that was read. */
export interface PageRows<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** One page of a table: one round trip, one row more than the page to know whether there is another. */
export async function findPage<Schema, Table extends TableName<Schema>>(
  database: Database<Schema>,
  scope: ReadScope,
  call: string,
  source: PageSource<Schema, Table>,
  window: PageWindow,
): Promise<PageRows<Schema[Table]>> {
  const rows = await read(database, scope, call, 1, selectWindow(source, window));
  return pageOf(rows, window);
}

/**
 * The same page for each of many parents in one round trip: about `size` index entries are read for each parent, never
 * all of its rows. Parents without rows have an empty page.
 *
 * PostgreSQL and MySQL 8 get a lateral join, SQLite a correlated list of ids, and MariaDB, which has neither, a
 * `union all` of bounded selects.
 */
export async function findPageByParent<Schema, Table extends TableName<Schema>, Key extends string | number>(
  database: Database<Schema>,
  scope: ReadScope,
  call: string,
  source: PageSource<Schema, Table> & {
    readonly parent: ColumnName<Schema, Table>;
    readonly id: ColumnName<Schema, Table>;
  },
  window: PageWindow,
  keys: readonly Key[],
): Promise<PageRows<Schema[Table]>[]> {
  if (keys.length === 0) return [];
  const rows = await read(database, scope, call, keys.length, selectByParent(database, source, window, keys));
  const byParent = new Map<unknown, Schema[Table][]>();
  for (const row of rows) {
    const siblings = byParent.get(row[source.parent]);
    if (siblings) siblings.push(row);
    else byParent.set(row[source.parent], [row]);
  }
  return keys.map((key) => pageOf(byParent.get(key) ?? [], window));
}

function selectByParent<Schema, Table extends TableName<Schema>>(
  database: Database<Schema>,
  source: PageSource<Schema, Table> & { readonly parent: string; readonly id: string },
  window: PageWindow,
  keys: readonly (string | number)[],
): RawBuilder<Schema[Table]> {
  const table = sql.table(source.table);
  const parent = sql.ref(`${source.table}.${source.parent}`);
  const outerOrder = orderBy("page", directed(source.orderBy, window));
  const bounded = (parentValue: RawBuilder<unknown>) =>
    selectWindow(source, window, sql<SqlBool>`${parent} = ${parentValue}`);
  switch (database.topPerParent) {
    case "lateral":
      return database.kind === "postgres"
        ? sql`select page.* from unnest(${keys}::${sql.raw(typeof keys[0] === "number" ? "bigint[]" : "text[]")}) as parent(value)
              cross join lateral (${bounded(sql`parent.value`)}) as page order by ${outerOrder}`
        : sql`select page.* from ${jsonValues(keys)} as parent
              cross join lateral (${bounded(sql`parent.value`)}) as page order by ${outerOrder}`;
    case "correlated": {
      const ids = selectWindow(source, window, sql<SqlBool>`${parent} = parent.value`, source.id);
      return sql`select page.* from json_each(${JSON.stringify(keys)}) as parent
                 join ${table} as page on page.${sql.ref(source.id)} in (${ids}) order by ${outerOrder}`;
    }
    case "union": {
      const parts = keys.map((key) => sql`(${bounded(sql`${key}`)})`);
      return sql`select page.* from (${sql.join(parts, sql` union all `)}) as page order by ${outerOrder}`;
    }
    default:
      return database.topPerParent satisfies never;
  }
}

const jsonValues = (keys: readonly (string | number)[]): RawBuilder<unknown> =>
  typeof keys[0] === "number"
    ? sql`json_table(${JSON.stringify(keys)}, '$[*]' columns (value bigint path '$'))`
    : sql`json_table(${JSON.stringify(keys)}, '$[*]' columns (value varchar(255) character set utf8mb4 collate utf8mb4_bin path '$'))`;

function selectWindow<Schema, Table extends TableName<Schema>>(
  source: PageSource<Schema, Table>,
  window: PageWindow,
  parent?: RawBuilder<SqlBool>,
  column?: string,
): RawBuilder<Schema[Table]> {
  const { table } = source;
  const order = directed(source.orderBy, window);
  const backwards = reversed(source.orderBy);
  const conditions: Expression<SqlBool>[] = [];
  if (parent) conditions.push(parent);
  if (source.where) conditions.push(source.where(expressionBuilder<Schema, Table>()));
  if (window.after) conditions.push(isAfter(table, source.orderBy, window.after));
  if (window.before) conditions.push(isAfter(table, backwards, window.before));
  const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;
  const columns = column === undefined ? sql`${sql.table(table)}.*` : sql.ref(`${table}.${column}`);
  return sql`select ${columns} from ${sql.table(table)} ${where} order by ${orderBy(table, order)} limit ${sql.lit(window.size + 1)}`;
}

const directed = (order: Order, window: PageWindow): Order => (window.backward ? reversed(order) : order);

function pageOf<Row>(rows: readonly Row[], window: PageWindow): PageRows<Row> {
  const hasMore = rows.length > window.size;
  const kept = hasMore ? rows.slice(0, window.size) : rows;
  return { rows: window.backward ? kept.toReversed() : kept, hasMore };
}
