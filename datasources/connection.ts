import { type CursorList, decodeCursor, encodeCursor } from "./cursor.ts";
import { badUserInput } from "./errors.ts";

/** Relay's four arguments: the first `first` after a cursor, or the last `last` before one. */
export interface ConnectionArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** What a list is: its cursors are good for nothing else. */
export interface ListIdentity extends CursorList {
  readonly maxPageSize: number;
}

/** How many items a page has when neither `first` nor `last` is given. */
export const defaultPageSize = 20;

/** The part of a list that was asked for. `after` and `before` hold the values that their cursors were made of. */
export interface Window {
  readonly size: number;
  readonly backward: boolean;
  readonly after?: readonly (string | number)[];
  readonly before?: readonly (string | number)[];
}

/** @throws DomainError `BAD_USER_INPUT` for a size out of range, for both `first` and `last`, and for a foreign cursor */
function windowOf(arguments_: ConnectionArguments, list: ListIdentity): Window {
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
  cursorOf(item: Item): string;
}

/**
 * A list that was asked for but not read: `page` and `totalCount` read what they need when they are first called, so
 * that a client who wants both waits for the longer of the two, and one who wants neither for none.
 */
export interface Connection<Item> {
  page(): Promise<Page<Item>>;
  totalCount(): Promise<number>;
}

/** Where a connection reads from. `orderValues` are what an item's cursor is made of. */
export interface ConnectionReads<Item> {
  page(window: Window): Promise<{ readonly items: readonly Item[]; readonly hasMore: boolean }>;
  totalCount(): Promise<number>;
  orderValues(item: Item): readonly (string | number)[];
}

/**
 * Checks the arguments at once and reads later.
 *
 * Whether there are items on the side that was not read follows from the cursor that the page starts at: its item is
 * there, as the Relay specification allows a server to answer without another read.
 */
export function connection<Item>(
  arguments_: ConnectionArguments,
  list: ListIdentity,
  reads: ConnectionReads<Item>,
): Connection<Item> {
  const window = windowOf(arguments_, list);
  let page: Promise<Page<Item>> | undefined;
  let totalCount: Promise<number> | undefined;
  const readPage = async (): Promise<Page<Item>> => {
    const { items, hasMore } = await reads.page(window);
    return {
      items,
      hasNextPage: window.backward ? window.before !== undefined : hasMore,
      hasPreviousPage: window.backward ? hasMore : window.after !== undefined,
      cursorOf: (item) => encodeCursor(list.madeFor, reads.orderValues(item)),
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
