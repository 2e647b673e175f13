import { type RawBuilder, sql } from "kysely";
import type { OrderValues } from "../../relay/order.ts";
import type { PageRows, PageWindow } from "../../relay/page.ts";
import type { DatabaseKind } from "../database.ts";
import { type Range, rangesBetween } from "../statements/keyset-ranges.ts";
import { extraName, reversed, type SqlOrder } from "../statements/order.ts";
import { exactColumn, extraColumn, toOrderValue } from "../statements/order-values.ts";

/** How a page is read: the order (reversed for a backward page), the keyset ranges, and the limit. */
export interface WindowRead {
  readonly order: SqlOrder;
  readonly ranges: readonly Range[];
  readonly limit: number;
}

/** The limit is the page size plus one, which tells whether more rows follow. */
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

/** @throws TypeError for an invalid size; the caller enforces a maximum */
export function checkSize(call: string, name: string, size: number): void {
  if (Number.isInteger(size) && size >= 0 && size < 2 ** 31 - 1) return;
  throw new TypeError(`${call}: expected ${name} to be a whole number, at least 0, got ${size}.`);
}

/** The extra select expressions for the columns of the order. */
export const orderExtras = (kind: DatabaseKind, table: string, order: SqlOrder | undefined): RawBuilder<unknown>[] =>
  (order ?? []).flatMap((column, index) => {
    const extra = extraColumn(kind, table, column);
    return extra === undefined ? [] : [sql`${extra} as ${sql.id(extraName(index))}`];
  });

/** Removes the extra order columns from the rows. */
export function removeOrderExtras<Row extends object>(
  kind: DatabaseKind,
  order: SqlOrder,
  rows: readonly Row[],
): Row[] {
  extrasOf(kind, order, rows);
  return [...rows];
}

/** Builds the page from the rows of a window, and removes the extra order columns from them. */
export function pageOf<Row extends object>(
  kind: DatabaseKind,
  order: SqlOrder,
  { size, backward }: PageWindow,
  rows: readonly Row[],
): PageRows<Row> {
  const kept = rows.slice(0, size);
  const exact = extrasOf(kind, order, kept);
  let rowsOfPage: ReadonlySet<Row> | undefined;
  return {
    rows: backward ? kept.toReversed() : kept,
    hasMore: rows.length > size,
    orderValues: (row) => {
      rowsOfPage ??= new Set(kept);
      if (!rowsOfPage.has(row)) throw new TypeError("Expected a row of this page, got a row of another page.");
      return orderValues(order, row, exact?.get(row));
    },
  };
}

/** The exact order values per row; undefined if the order needs no extra columns, because a map per row is expensive. */
function extrasOf<Row extends object>(
  kind: DatabaseKind,
  order: SqlOrder,
  rows: readonly Row[],
): ReadonlyMap<Row, ReadonlyMap<number, unknown>> | undefined {
  if (order.every((column) => extraColumn(kind, "", column) === undefined)) return undefined;
  return new Map(rows.map((row) => [row, takeExtras(kind, order, row)]));
}

/** Removes the extra columns from a row and returns the exact values by their index in the order. */
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
