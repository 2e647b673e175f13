import { decodeCursor, encodeCursor } from "../../../src/relay/cursor.ts";
import type { OrderValues } from "../../../src/relay/order.ts";
import type { PageRows, PageWindow } from "../../../src/relay/page.ts";
import type { Database } from "../../../src/sql/database.ts";
import { orderValuesOf, rowOf } from "./answers.ts";
import { newRequest, orderOf } from "./ask.ts";
import type { ContractDatabase, ItemTable } from "./item-table.ts";
import type { ModelOrder, ModelWindow } from "./model.ts";
import type { ModelRow } from "./scenario.ts";
import type { ModelValue } from "./values.ts";

/** What the cursors of a list in this order are made for. */
export const cursorList = (order: ModelOrder) => ({ madeFor: JSON.stringify(order), orderBy: orderOf(order) });

/** The cursor of a place, as a client gets it. */
export const cursorOf = (order: ModelOrder, values: OrderValues): string =>
  encodeCursor(cursorList(order).madeFor, values);

/** The place of a cursor that a client gives back. */
export const placeOf = (order: ModelOrder, cursor: string): OrderValues =>
  decodeCursor(cursorList(order), "after", cursor);

/** The cursor of each row of the table in an order, by the row's id. */
export type Cursors = ReadonlyMap<ModelValue, string>;

export async function cursorsIn(database: Database<ContractDatabase>, order: ModelOrder): Promise<Cursors> {
  const { reads } = newRequest(database);
  const reader = reads.page({ call: "places", table: "item", orderBy: orderOf(order) });
  const page = await reader.load({ window: { size: 1_000, backward: false }, columns: ["id"] });
  return new Map(page.rows.map((row) => [rowOf(row, ["id"]).id ?? null, cursorOf(order, page.orderValues(row))]));
}

/** The model's window with the places of its rows in place of them. */
export function windowAt(
  { size, backward, after, before }: ModelWindow,
  order: ModelOrder,
  cursors: Cursors,
): PageWindow {
  const place = (row: ModelRow): OrderValues => {
    const cursor = cursors.get(row.id ?? null);
    if (cursor === undefined) throw new Error(`Expected the cursor of the row ${row.id}, got none.`);
    return placeOf(order, cursor);
  };
  return { size, backward, ...(after && { after: place(after) }), ...(before && { before: place(before) }) };
}

/** The exact values that a page gives for each of its rows, after their way through a cursor. */
export const orderValuesIn = <Row extends Partial<ItemTable>>(page: PageRows<Row>, order: ModelOrder): ModelValue[][] =>
  page.rows.map((row) => orderValuesOf(order, placeOf(order, cursorOf(order, page.orderValues(row)))));

export const expectedOrderValues = (rows: readonly ModelRow[], order: ModelOrder): ModelValue[][] =>
  rows.map((row) => order.map(({ column }) => row[column] ?? null));
