import { linkTarget } from "./link-header.ts";
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
  changed.searchParams.set(name, String(value));
  return changed;
}
