import { decodeCursor, encodeCursor } from "../../../src/relay/cursor.ts";
import type { OrderValues } from "../../../src/relay/order.ts";
import type { PageRows, PageWindow } from "../../../src/relay/page.ts";
import type { Database } from "../../../src/sql/database.ts";
import type { ContractDatabase, ItemTable } from "./item-table.ts";
import type { ModelOrder, ModelWindow } from "./model.ts";
import { newRequest, orderOf } from "./reader-arguments.ts";
import { orderValuesOf, rowOf } from "./row-values.ts";
import type { ModelRow } from "./scenario.ts";
import type { ModelValue } from "./values.ts";

/** The identity of a list in this order. */
export const cursorList = (order: ModelOrder) => ({ madeFor: JSON.stringify(order), orderBy: orderOf(order) });

/** The cursor for order values, as a client gets it. */
export const cursorOf = (order: ModelOrder, values: OrderValues): string =>
  encodeCursor(cursorList(order).madeFor, values);

/** The bound of a cursor of a client. */
export const boundOf = (order: ModelOrder, cursor: string): OrderValues =>
  decodeCursor(cursorList(order), "after", cursor);

/** The cursors of all rows of the table in an order, by the row's id. */
export type Cursors = ReadonlyMap<ModelValue, string>;

export async function cursorsIn(database: Database<ContractDatabase>, order: ModelOrder): Promise<Cursors> {
  const { reads } = newRequest(database);
  const reader = reads.page({ call: "bounds", table: "item", orderBy: orderOf(order) });
  const page = await reader.load({ window: { size: 1_000, backward: false }, columns: ["id"] });
  return new Map(page.rows.map((row) => [rowOf(row, ["id"]).id ?? null, cursorOf(order, page.orderValues(row))]));
}

/** Converts the model's window: the bounds of its rows replace the rows. */
export function windowAt(
  { size, backward, after, before }: ModelWindow,
  order: ModelOrder,
  cursors: Cursors,
): PageWindow {
  const bound = (row: ModelRow): OrderValues => {
    const cursor = cursors.get(row.id ?? null);
    if (cursor === undefined) throw new Error(`Expected the cursor of the row ${row.id}, got none.`);
    return boundOf(order, cursor);
  };
  return { size, backward, ...(after && { after: bound(after) }), ...(before && { before: bound(before) }) };
}

/** The order values of each row of a page, encoded as a cursor and decoded. */
export const orderValuesIn = <Row extends Partial<ItemTable>>(page: PageRows<Row>, order: ModelOrder): ModelValue[][] =>
  page.rows.map((row) => orderValuesOf(order, boundOf(order, cursorOf(order, page.orderValues(row)))));

export const expectedOrderValues = (rows: readonly ModelRow[], order: ModelOrder): ModelValue[][] =>
  rows.map((row) => order.map(({ column }) => row[column] ?? null));
