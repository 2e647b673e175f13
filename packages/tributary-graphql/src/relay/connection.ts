import { badUserInput } from "../core/domain-error.ts";
import { type CursorList, decodeCursor, encodeCursor } from "./cursor.ts";
import type { PageRows, PageWindow } from "./page.ts";

/** Relay's four arguments: the first `first` after a cursor, or the last `last` before one. */
export interface ConnectionArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** The identity of a list. Cursors of another list are refused. */
export interface ListIdentity extends CursorList {
  readonly maxPageSize: number;
}

/** How many items a page has when neither `first` nor `last` is given. */
export const defaultPageSize = 20;

/** @throws DomainError `BAD_USER_INPUT` for a size out of range, for both `first` and `last`, and for a foreign cursor */
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

/** A page of a list. Cursors are made when they are asked for. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** @param index which of the items, from 0 */
  cursorAt(index: number): string;
}

/**
 * A list that was asked for but not read: `page` and `totalCount` read what they need when they are first called, so
 * that a client who wants both waits for the longer of the two, and one who wants neither for none.
 */
export interface Connection<Item> {
  page(): Promise<Page<Item>>;
  totalCount(): Promise<number>;
}

/** Where a connection reads from; a page is what the readers of `sql/` give. */
export interface ConnectionReads<Row, Item> {
  page(window: PageWindow): Promise<PageRows<Row>>;
  totalCount(): Promise<number>;
  toItem(row: Row): Item;
}

/**
 * Checks the arguments at once and reads later.
 *
 * Whether there are items on the side that was not read follows from the cursor that the page starts at: its item is
 * there, as the Relay specification allows a server to answer without another read.
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

/** Many parents have one page: thousands of cities lie in one country. Its rows are made into items once. */
const itemsByRows = new WeakMap<object, { readonly items: readonly unknown[]; readonly madeBy: unknown }>();

function itemsOf<Row, Item>(rows: readonly Row[], toItem: (row: Row) => Item): readonly Item[] {
  const known = itemsByRows.get(rows);
  if (known?.madeBy === toItem) return known.items as readonly Item[];
  const items = rows.map(toItem);
  itemsByRows.set(rows, { items, madeBy: toItem });
  return items;
}

function rowAt<Row>(rows: readonly Row[], index: number): Row {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`Expected an item from 0 to ${rows.length - 1}, got ${index}.`);
  return row;
}
