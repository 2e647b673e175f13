import { type RawBuilder, sql } from "kysely";
import type { OrderValues } from "../../relay/order.ts";
import type { PageRows, PageWindow } from "../../relay/page.ts";
import type { DatabaseKind } from "../database.ts";
import { type Range, rangesBetween } from "../statements/keyset-ranges.ts";
import { extraName, reversed, type SqlOrder } from "../statements/order.ts";
import { exactColumn, extraColumn, toOrderValue } from "../statements/order-values.ts";

/** How a window of a list is read: in which order, in which ranges, and how many rows. */
export interface WindowRead {
  readonly order: SqlOrder;
  readonly ranges: readonly Range[];
  readonly limit: number;
}

/** One row more than the page is read, to know whether another follows. */
export function readOfWindow(
  kind: DatabaseKind,
  order: SqlOrder,
  { size, backward, after, before }: PageWindow,
): WindowRead {
  const limit = size + 1;
  if (!backward) return { order, ranges: rangesBetween(kind, order, { after, before }), limit };
  const backwards = reversed(order);
  return { order: backwards, ranges: rangesBetween(kind, backwards, { after: before, before: after }), limit };
}

/** @throws TypeError for what is no size; how large a page may be is for the caller to say */
export function checkSize(call: string, name: string, size: number): void {
  if (Number.isInteger(size) && size >= 0 && size < 2 ** 31 - 1) return;
  throw new TypeError(`${call}: expected ${name} to be a whole number from 0, got ${size}.`);
}

/** The columns that are read beside the rows for their order. */
export const orderExtras = (kind: DatabaseKind, table: string, order: SqlOrder | undefined): RawBuilder<unknown>[] =>
  (order ?? []).flatMap((column, index) => {
    const extra = extraColumn(kind, table, column);
    return extra === undefined ? [] : [sql`${extra} as ${sql.id(extraName(index))}`];
  });

/** The same rows without what was read beside them. */
export function takeOrderExtras<Row extends object>(kind: DatabaseKind, order: SqlOrder, rows: readonly Row[]): Row[] {
  extrasOf(kind, order, rows);
  return [...rows];
}

/** The page of the rows that were read for a window. What was read beside them is taken out of them. */
export function pageOf<Row extends object>(
  kind: DatabaseKind,
  order: SqlOrder,
  { size, backward }: PageWindow,
  rows: readonly Row[],
): PageRows<Row> {
  const kept = rows.slice(0, size);
  const exact = extrasOf(kind, order, kept);
  let known: ReadonlySet<Row> | undefined;
  return {
    rows: backward ? kept.toReversed() : kept,
    hasMore: rows.length > size,
    orderValues: (row) => {
      known ??= new Set(kept);
      if (!known.has(row)) throw new TypeError("Expected a row of this page, got another one.");
      return orderValues(order, row, exact?.get(row));
    },
  };
}

/** The values that were read beside the rows, where there are any: a map per row would be expensive. */
function extrasOf<Row extends object>(
  kind: DatabaseKind,
  order: SqlOrder,
  rows: readonly Row[],
): ReadonlyMap<Row, ReadonlyMap<number, unknown>> | undefined {
  if (order.every((column) => extraColumn(kind, "", column) === undefined)) return undefined;
  return new Map(rows.map((row) => [row, takeExtras(kind, order, row)]));
}

/** The exact values, by their position in the order. */
function takeExtras(kind: DatabaseKind, order: SqlOrder, row: object): ReadonlyMap<number, unknown> {
  const taken = new Map<number, unknown>();
  for (const [index, column] of order.entries()) {
    if (extraColumn(kind, "", column) === undefined) continue;
    if (exactColumn(kind, "", column) !== undefined) taken.set(index, Reflect.get(row, extraName(index)));
    Reflect.deleteProperty(row, extraName(index));
  }
  return taken;
}

function orderValues(order: SqlOrder, row: object, exact: ReadonlyMap<number, unknown> | undefined): OrderValues {
  return order.map((column, index) =>
    toOrderValue(column, exact?.has(index) ? exact.get(index) : Reflect.get(row, column.column)),
  );
}
