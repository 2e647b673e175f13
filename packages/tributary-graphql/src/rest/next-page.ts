import { linkTarget } from "./link-header.ts";
import { withParameter as queryWith } from "./query.ts";
import type { ResponseHeaders } from "./upstream-read.ts";

/** A page that has been read. */
export interface Page<Body> {
  readonly headers: ResponseHeaders;
  readonly body: Body;
  readonly itemCount: number;
  /** The items of this page and all pages before it. */
  readonly totalItemCount: number;
  /** 0 for the first page. */
  readonly index: number;
}

/**
 * The URL of the page after this one, absolute or relative to this page's URL; null after the last page. Without a
 * page, the URL of the first page of the list.
 *
 * A function type, so that TypeScript infers the type of `body` in `next: nextCursor({ cursorOf: (body) => … })`.
 */
export type NextPage<Body> = (url: URL, page: Page<Body> | null) => string | null;

/** The next page is in the header `Link: <…>; rel="next"` (RFC 8288). */
export const linkHeader = (): NextPage<unknown> => (url, page) =>
  page === null ? url.href : linkTarget(page.headers.link, "next");

export interface PageNumber<Body> {
  /** `page` in `?page=2`. */
  readonly parameter: string;
  /** `per_page` in `?page=2&per_page=100`. Default: none is sent. */
  readonly sizeParameter?: string;
  /** The number of items on a full page. A page with fewer is the last one, so it must be the page size of the API. */
  readonly size: number;
  /** Default 1. */
  readonly firstPage?: number;
  /** The total number of items, if a body has it. It then decides which page is the last one, instead of `size`. */
  readonly totalOf?: (body: Body) => number;
}

/** Pages by number. The last page is short or empty, or reaches the total. */
export function pageNumber<Body>(options: PageNumber<Body>): NextPage<Body> {
  const { parameter, sizeParameter, size, firstPage = 1, totalOf } = options;
  if (!Number.isInteger(size) || size < 1) {
    throw new TypeError(`Expected the size of a page to be a whole number from 1, got ${size}.`);
  }
  return (url, page) => {
    if (page === null) {
      const first = withParameter(url, parameter, firstPage);
      return (sizeParameter === undefined ? first : withParameter(first, sizeParameter, size)).href;
    }
    const { body, index, itemCount, totalItemCount } = page;
    const isLast = itemCount === 0 || (totalOf ? totalItemCount >= totalOf(body) : itemCount < size);
    return isLast ? null : withParameter(url, parameter, firstPage + index + 1).href;
  };
}

export interface RowOffset<Body> {
  /** `offset` in `?offset=40`: the number of rows before the page. */
  readonly parameter: string;
  /** `limit` in `?offset=40&limit=20`. Default: none is sent. */
  readonly sizeParameter?: string;
  /** The number of rows on a full page. Without it, and without `totalOf`, the last page is an empty one. */
  readonly size?: number;
  /** The total number of rows, if a body has it. It then decides which page is the last one, instead of `size`. */
  readonly totalOf?: (body: Body) => number | null | undefined;
}

/**
 * Pages by offset. The last page is short or empty, or reaches the total. The list starts at the offset of the query,
 * if it has one.
 */
export function rowOffset<Body>({ parameter, sizeParameter, size, totalOf }: RowOffset<Body>): NextPage<Body> {
  if (size !== undefined && (!Number.isInteger(size) || size < 1)) {
    throw new TypeError(`Expected the size of a page to be a whole number from 1, got ${size}.`);
  }
  return (url, page) => {
    const start = Number(url.searchParams.get(parameter) ?? 0);
    if (page === null) {
      const first = withParameter(url, parameter, start);
      return (sizeParameter === undefined || size === undefined ? first : withParameter(first, sizeParameter, size))
        .href;
    }
    const next = start + page.itemCount;
    const total = totalOf?.(page.body);
    const isLast = page.itemCount === 0 || (total == null ? page.itemCount < (size ?? 0) : next >= total);
    return isLast ? null : withParameter(url, parameter, next).href;
  };
}

export interface NextCursor<Body> {
  /** `cursor` in `?cursor=abc`. */
  readonly parameter: string;
  /** Null or empty after the last page. */
  readonly cursorOf: (body: Body) => string | number | null | undefined;
}

/** Pages by cursor: each body has the cursor of the next page. */
export const nextCursor =
  <Body>({ parameter, cursorOf }: NextCursor<Body>): NextPage<Body> =>
  (url, page) => {
    if (page === null) return url.href;
    const cursor = cursorOf(page.body) ?? "";
    return cursor === "" ? null : withParameter(url, parameter, cursor).href;
  };

function withParameter(url: URL, name: string, value: string | number): URL {
  const changed = new URL(url);
  changed.search = queryWith(url.search.slice(1), name, value);
  return changed;
}
