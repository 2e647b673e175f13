import { type Expression, type SqlBool, sql } from "kysely";
import { boundedSelect } from "./bounded.ts";
import type { Columns } from "./column-loader.ts";
import type { ReaderContext } from "./context.ts";
import { badCursor } from "./errors.ts";
import { identify, type KeyValues } from "./keys.ts";
import type { Order } from "./order.ts";
import { exactColumns, isRepeatedIn, pageOf, readOfWindow } from "./page-rows.ts";
import { groupByParent, type Parents } from "./parents.ts";
import { columnsOf, neededColumns, selectPerParent } from "./per-parent.ts";
import { type Readable, read } from "./read.ts";
import type { PageRows, PageWindow } from "./source.ts";

type Context<Schema> = Pick<ReaderContext<Schema>, "database" | "scope">;

/** Which page, of which rows. */
export interface PageRead {
  readonly call: string;
  readonly table: string;
  readonly order: Order;
  readonly window: PageWindow;
  readonly conditions: readonly Expression<SqlBool>[];
  readonly columns: Columns;
}

/** One page of a table: one round trip, one row more than the page to know whether there is another. */
export async function readPage<Schema, Row extends object>(
  context: Context<Schema>,
  page: PageRead,
): Promise<PageRows<Row>> {
  const { kind } = context.database;
  const { table, order, window, conditions } = page;
  const query = boundedSelect(kind, {
    ...readOfWindow(kind, order, window),
    table,
    from: sql.table(table),
    columns: [...columnsOf(table, neededColumns(page.columns, undefined, order)), ...exactColumns(kind, table, order)],
    conditions,
  });
  const rows = await readWindow(context, page.call, 1, window, sql<Row>`${query}`);
  return pageOf(kind, order, window, rows);
}

export interface PagesRead extends PageRead {
  /** Unique in the table. */
  readonly id: readonly string[];
  readonly parents: Parents;
}

/** The same page for each of many parents, in the order of the keys: one round trip. */
export async function readPages<Schema, Row extends object>(
  context: Context<Schema>,
  pages: PagesRead,
  keys: readonly KeyValues[],
): Promise<PageRows<Row>[]> {
  const { database } = context;
  const { table, id, parents, order, window, conditions } = pages;
  const perParent = {
    ...readOfWindow(database.kind, order, window),
    table,
    id,
    parents,
    conditions,
    columns: neededColumns(pages.columns, parents, order),
    extras: exactColumns(database.kind, table, order),
  };
  const query = sql<Row>`${selectPerParent(database, perParent, keys)}`;
  const rows = await readWindow(context, pages.call, keys.length, window, query);
  const groups = groupByParent(rows, parents, isRepeatedIn(database.kind, order));
  return keys.map((values) => pageOf(database.kind, order, window, groups.get(identify(values)) ?? []));
}

/** What the database refuses about a value is the fault of who made up the cursor. */
async function readWindow<Schema, Row>(
  { database, scope }: Context<Schema>,
  call: string,
  keys: number,
  { after, before }: PageWindow,
  query: Readable<Row>,
): Promise<Row[]> {
  try {
    return await read(database, scope, call, keys, query);
  } catch (error) {
    throw after === undefined && before === undefined ? error : badCursor(error);
  }
}
