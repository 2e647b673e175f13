import { linkTarget } from "./link-header.ts";
import { withParameter as queryWith } from "./query.ts";
import type { AnswerHeaders } from "./upstream-read.ts";

/** A page that has come. */
export interface Page<Body> {
  readonly headers: AnswerHeaders;
  readonly body: Body;
  readonly itemCount: number;
  /** Of this page and all before it. */
  readonly totalItemCount: number;
  /** 0 for the first page. */
  readonly index: number;
}

/**
 * Where a list goes on after a page with this URL: a URL, absolute or relative to the page's; null after the last page.
 * Without a page it says where the list with this URL begins.
 *
 * A function, because TypeScript then knows the type of `body` within `next: nextCursor({ cursorOf: (body) => … })`.
 */
export type NextPage<Body> = (url: URL, page: Page<Body> | null) => string | null;

/** As the header `Link: <…>; rel="next"` says (RFC 8288). */
export const linkHeader = (): NextPage<unknown> => (url, page) =>
  page === null ? url.href : linkTarget(page.headers.link, "next");

export interface PageNumber<Body> {
  /** `page` in `?page=2`. */
  readonly parameter: string;
  /** `per_page` in `?page=2&per_page=100`. Default: none is sent, and the API has a size of its own. */
  readonly sizeParameter?: string;
  /** Items on a full page. One with fewer is the last, so it must be what the API really gives. */
  readonly size: number;
  /** Default 1. */
  readonly firstPage?: number;
  /** How many items there are in all, where a body says. Then they decide which page is the last, and not its size. */
  readonly totalOf?: (body: Body) => number;
}

/** By a page's number, until a page is short or empty, or as many items have come as there are. */
export function pageNumber<Body>(options: PageNumber<Body>): NextPage<Body> {
  const { parameter, sizeParameter, size, firstPage = 1, totalOf } = options;
  if (!Number.isInteger(size) || size < 1) {
    throw new TypeError(`Expected the size of a page to be a whole number from 1 on, got ${size}.`);
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
  /** `offset` in `?offset=40`: how many rows are left out before the page. */
  readonly parameter: string;
  /** `limit` in `?offset=40&limit=20`. Default: none is sent, and the API has a size of its own. */
  readonly sizeParameter?: string;
  /** Rows on a full page. Without it, and without `totalOf`, a list goes on until a page is empty. */
  readonly size?: number;
  /** How many rows there are in all, where a body says. Then they decide which page is the last, and not its size. */
  readonly totalOf?: (body: Body) => number | null | undefined;
}

/**
 * By the number of rows that have come, until a page is empty or short, or as many rows have come as there are. A list
 * that is asked for from an offset on begins there.
 */
export function rowOffset<Body>({ parameter, sizeParameter, size, totalOf }: RowOffset<Body>): NextPage<Body> {
  if (size !== undefined && (!Number.isInteger(size) || size < 1)) {
    throw new TypeError(`Expected the size of a page to be a whole number from 1 on, got ${size}.`);
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
  /** Null or blank after the last page. */
  readonly cursorOf: (body: Body) => string | number | null | undefined;
}

/** By a cursor in the body, which the next page is asked with. */
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
