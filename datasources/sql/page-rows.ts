import { type RawBuilder, sql } from "kysely";
import type { Database } from "./open.ts";
import { type Order, type OrderValues, reversed } from "./order.ts";
import { exactColumn, toOrderValue } from "./order-values.ts";
import { type Range, rangesBetween } from "./ranges.ts";
import type { PageRows, PageWindow } from "./source.ts";

type Kind = Database<unknown>["kind"];

/** How a window of a list is read: in which order, in which ranges, and how many rows. */
export interface WindowRead {
  readonly order: Order;
  readonly ranges: readonly Range[];
  readonly limit: number;
}

/** One row more than the page is read, to know whether another follows. */
export function readOfWindow(kind: Kind, order: Order, { size, backward, after, before }: PageWindow): WindowRead {
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

/** The columns of an order as they are read beside a row, where the row itself has less than all of their digits. */
export const exactColumns = (kind: Kind, table: string, order: Order): RawBuilder<unknown>[] =>
  order.flatMap((column, index) => {
    const exact = exactColumn(kind, table, column);
    return exact === undefined ? [] : [sql`${exact} as ${sql.id(exactName(index))}`];
  });

/**
 * Whether a row of a parent is the one before it once more: two spellings of one key, `1` and `01` or a `uuid` in capitals,
 * each find the rows of both. The last column of the order is unique.
 */
export function isRepeatedIn(kind: Kind, order: Order): (row: object, before: object) => boolean {
  const index = order.length - 1;
  const last = order[index] ?? order[0];
  const name = exactColumn(kind, "", last) === undefined ? last.column : exactName(index);
  return (row, before) => {
    const value: unknown = Reflect.get(row, name);
    return value !== null && value !== undefined && value === Reflect.get(before, name);
  };
}

/** No column of a table is called so. */
const exactName = (index: number): string => `order ${index}`;

/** The page of the rows that were read for a window. What was read beside them is taken out of them. */
export function pageOf<Row extends object>(
  kind: Kind,
  order: Order,
  { size, backward }: PageWindow,
  rows: readonly Row[],
): PageRows<Row> {
  const kept = rows.slice(0, size);
  const exact = exactOf(kind, order, kept);
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

/** What was read beside the rows, if anything was: pages are many, and a map for every row is dear. */
function exactOf<Row extends object>(
  kind: Kind,
  order: Order,
  rows: readonly Row[],
): ReadonlyMap<Row, ReadonlyMap<number, unknown>> | undefined {
  if (order.every((column) => exactColumn(kind, "", column) === undefined)) return undefined;
  return new Map(rows.map((row) => [row, takeExact(kind, order, row)]));
}

function takeExact(kind: Kind, order: Order, row: object): ReadonlyMap<number, unknown> {
  const taken = new Map<number, unknown>();
  for (const [index, column] of order.entries()) {
    if (exactColumn(kind, "", column) === undefined) continue;
    taken.set(index, Reflect.get(row, exactName(index)));
    Reflect.deleteProperty(row, exactName(index));
  }
  return taken;
}

function orderValues(order: Order, row: object, exact: ReadonlyMap<number, unknown> | undefined): OrderValues {
  return order.map((column, index) =>
    toOrderValue(column, exact?.has(index) ? exact.get(index) : Reflect.get(row, column.column)),
  );
}
