import { badUserInput } from "../core/domain-error.ts";
import { type CursorList, decodeCursor, encodeCursor } from "./cursor.ts";
import type { PageRows, PageWindow } from "./page.ts";

/** Relay's four arguments: the first `first` items after a cursor, or the last `last` items before one. */
export interface ConnectionArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** The identity of a list. Cursors of another list are rejected. */
export interface ListIdentity extends CursorList {
  /** The maximum of `first` and `last`. */
  readonly maxPageSize: number;
}

/** The page size when neither `first` nor `last` is given. */
export const defaultPageSize = 20;

/** @throws DomainError `BAD_USER_INPUT` for a size out of range, `first` together with `last`, or a cursor of another list */
function windowOf(arguments_: ConnectionArguments, list: ListIdentity): PageWindow {
  const { first, last, after, before } = arguments_;
  if (first != null && last != null) {
    throw badUserInput("first, last: expected one of the two, got both.");
  }
  const size = last == null ? checkedSize("first", first, list) : checkedSize("last", last, list);
  return {
    size,
    backward: last != null,
    ...(after != null && { after: decodeCursor(list, "after", after) }),
    ...(before != null && { before: decodeCursor(list, "before", before) }),
  };
}

function checkedSize(name: string, size: number | null | undefined, { maxPageSize }: ListIdentity): number {
  if (size == null) return defaultPageSize;
  if (size < 0 || size > maxPageSize) {
    throw badUserInput(`${name}: expected a number from 0 to ${maxPageSize}, got ${size}.`);
  }
  return size;
}

/** A page of a list. Cursors are created on demand. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** @param index of the item on this page, from 0 */
  cursorAt(index: number): string;
}

/**
 * A list that is read lazily: `page` and `totalCount` read at their first call and are memoized. A client that selects both
 * waits for the slower one only.
 */
export interface Connection<Item> {
  page(): Promise<Page<Item>>;
  totalCount(): Promise<number>;
}

/** The reads of a connection. `page` has the result type of the page readers of `sql` and `rest`. */
export interface ConnectionReads<Row, Item> {
  page(window: PageWindow): Promise<PageRows<Row>>;
  totalCount(): Promise<number>;
  toItem(row: Row): Item;
}

/**
 * Creates a connection. Validates the arguments at once and reads lazily.
 *
 * `hasPreviousPage` of a forward page, and `hasNextPage` of a backward one, is true if the page starts at a cursor: the
 * Relay specification allows this without another read.
 *
 * @throws DomainError `BAD_USER_INPUT` for a size out of range, `first` together with `last`, or a cursor of another list
 */
export function connection<Row, Item>(
  arguments_: ConnectionArguments,
  list: ListIdentity,
  reads: ConnectionReads<Row, Item>,
): Connection<Item> {
  const window = windowOf(arguments_, list);
  let page: Promise<Page<Item>> | undefined;
  let totalCount: Promise<number> | undefined;
  const readPage = async (): Promise<Page<Item>> => {
    const { rows, hasMore, orderValues } = await reads.page(window);
    return {
      items: itemsOf(rows, reads.toItem),
      hasNextPage: window.backward ? window.before !== undefined : hasMore,
      hasPreviousPage: window.backward ? hasMore : window.after !== undefined,
      cursorAt: (index) => encodeCursor(list.madeFor, orderValues(rowAt(rows, index))),
    };
  };
  return {
    page: () => {
      page ??= readPage();
      return page;
    },
    totalCount: () => {
      totalCount ??= reads.totalCount();
      return totalCount;
    },
  };
}

/** Memoizes items, because many parents can share one page: thousands of cities have the same country. */
const itemsByRows = new WeakMap<object, { readonly items: readonly unknown[]; readonly toItem: unknown }>();

function itemsOf<Row, Item>(rows: readonly Row[], toItem: (row: Row) => Item): readonly Item[] {
  const memoized = itemsByRows.get(rows);
  if (memoized?.toItem === toItem) return memoized.items as readonly Item[];
  const items = rows.map(toItem);
  itemsByRows.set(rows, { items, toItem });
  return items;
}

function rowAt<Row>(rows: readonly Row[], index: number): Row {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`Expected an index from 0 to ${rows.length - 1}, got ${index}.`);
  return row;
}
