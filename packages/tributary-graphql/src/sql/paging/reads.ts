import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { PageRows, PageWindow } from "../../relay/page.ts";
import { badCursor } from "../errors/database-error.ts";
import type { Columns } from "../readers/column-loader.ts";
import type { ReadTypes } from "../readers/read-types.ts";
import type { ReaderContext } from "../readers/reader-context.ts";
import { compiledStatement } from "../statements/compiled-statements.ts";
import { groupByKey, type KeyValues } from "../statements/keys.ts";
import { keysetSelect } from "../statements/keyset-select.ts";
import { type SqlOrder, storedOrder } from "../statements/order.ts";
import type { Parents } from "../statements/parents.ts";
import { columnsOf, neededColumns, selectPerParent } from "../statements/per-parent.ts";
import { compile, read } from "../statements/read.ts";
import { orderExtras, pageOf, readOfWindow } from "./rows.ts";

type Context<Schema> = Pick<ReaderContext<Schema>, "database" | "scope">;

/** The page to read. */
export interface PageRead {
  readonly call: string;
  readonly table: string;
  readonly order: SqlOrder;
  readonly window: PageWindow;
  readonly conditions: readonly Expression<SqlBool>[];
  readonly columns: Columns;
  readonly types: ReadTypes;
}

/** Reads one page of a table by keyset pagination, in one statement. */
export async function readPage<Schema, Row extends object>(
  context: Context<Schema>,
  page: PageRead,
): Promise<PageRows<Row>> {
  const { kind } = context.database;
  const { table, window, conditions, types } = page;
  const order = storedOrder(page.order, types.columns);
  const build = () => {
    const query = keysetSelect(kind, {
      ...readOfWindow(kind, order, window),
      table,
      from: sql.table(table),
      columns: [...columnsOf(table, neededColumns(page.columns, undefined, order)), ...orderExtras(kind, table, order)],
      conditions,
    });
    return sql<Row>`${query}`;
  };
  const rows = await readWindow(context, page, [[]], build);
  return pageOf(kind, order, window, rows);
}

export interface PagesRead extends PageRead {
  /** Unique in the table. */
  readonly id: readonly string[];
  readonly parents: Parents;
}

/** Reads the same page of each parent by keyset pagination, in one statement. Returns one page per key, in the same order. */
export async function readPages<Schema, Row extends object>(
  context: Context<Schema>,
  pages: PagesRead,
  keys: readonly KeyValues[],
): Promise<PageRows<Row>[]> {
  const { database } = context;
  const { table, id, parents, window, conditions, types } = pages;
  const order = storedOrder(pages.order, types.columns);
  const build = () => {
    const perParent = {
      ...readOfWindow(database.kind, order, window),
      table,
      id,
      parents: { ...parents, types: types.keys },
      conditions,
      columns: neededColumns(pages.columns, parents, order),
      extras: orderExtras(database.kind, database.topPerParent === "correlated" ? "page" : table, order),
    };
    return sql<Row>`${selectPerParent(database, perParent, keys)}`;
  };
  const rows = await readWindow(context, pages, keys, build);
  return groupByKey(rows, keys).map((ofKey) => pageOf(database.kind, order, window, ofKey));
}

/** Runs the statement. If the database cannot convert a cursor's value, the cursor is forged: `BAD_USER_INPUT`. */
async function readWindow<Schema, Row>(
  { database, scope }: Context<Schema>,
  { call, table, columns, order, window, conditions, parents, id }: PageRead & Partial<PagesRead>,
  keys: readonly KeyValues[],
  build: () => RawBuilder<Row>,
): Promise<Row[]> {
  const { kind, db } = database;
  const { after, before, size, backward } = window;
  const hasCursor = after !== undefined || before !== undefined;
  // Only the keys differ between batches, so the statement can be compiled once.
  const isFixed = kind !== "mysql" && !hasCursor && conditions.length === 0 && !parents?.isJoined;
  const shape = {
    reader: backward ? "last page" : "page",
    table,
    key: parents?.columns ?? [],
    id,
    columns,
    order,
    limit: size,
  };
  const query = isFixed ? () => compiledStatement(db, shape, keys, () => compile(db, build())) : build();
  try {
    return await read(database, scope, call, keys.length, query);
  } catch (error) {
    throw hasCursor ? badCursor(error) : error;
  }
}
