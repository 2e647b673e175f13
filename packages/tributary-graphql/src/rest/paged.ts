import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { DomainError } from "../core/domain-error.ts";
import { listOf } from "./by-key.ts";
import { type CallDetails, invalidResponse } from "./errors.ts";
import type { NextPage, Page } from "./next-page.ts";
import type { Path } from "./path.ts";
import { pathBelow, targetOf } from "./target.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamAnswer, UpstreamScope } from "./upstream-read.ts";
import type { InvalidRows } from "./valid-rows.ts";

/** A read of a list in pages. */
export interface PagedRead<Schema extends StandardSchemaV1, Row, Argument> {
  /** The name in the call log, which has one entry per page. */
  readonly call: string;
  /** Use `path` for values in it: it encodes them. */
  readonly path: Path | ((argument: Argument) => Path);
  /** A string is sent unchanged, so it must be encoded, as `queryOf` does. */
  readonly query?: (argument: Argument) => URLSearchParams | string;
  readonly body: Schema;
  /** The rows of a body that is not an array. */
  readonly items?: (body: Output<Schema>) => readonly Row[];
  readonly next: NextPage<Output<Schema>>;
  /**
   * The maximum number of pages. Default 20. A longer list is truncated, with `isComplete: false` and a warning in the
   * log.
   */
  readonly maxPages?: number;
  /** Whether an invalid row fails the list. Default false: an error takes its position. */
  readonly wholeBody?: boolean;
}

export interface Pages<Row> {
  /** An error takes the position of an invalid row: a field that returns the items has null and the error there. */
  readonly items: readonly (Row | DomainError)[];
  /** False if there were more pages than `maxPages`. */
  readonly isComplete: boolean;
}

/** Reads lists. It caches them per request. */
export interface PageReader<Argument, Row> {
  load(argument: Argument): Promise<Pages<Row>>;
}

/**
 * A reader that follows pages, with one call per page.
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` if the next pages form a cycle or have another origin
 */
export function createPageReader<Schema extends StandardSchemaV1, Row, Argument>(
  upstream: Upstream,
  scope: UpstreamScope,
  read: PagedRead<Schema, Row, Argument>,
): PageReader<Argument, Row> {
  const { call, maxPages = 20 } = read;
  if (!Number.isInteger(maxPages) || maxPages < 1) {
    throw new TypeError(`Expected "maxPages" of ${call} to be a whole number from 1, got ${maxPages}.`);
  }
  const lists = new Map<string, Promise<Pages<Row>>>();
  return {
    // Async, because `path` and `query` may throw: a caller gets a rejection and not an exception.
    load: async (argument) => {
      const first = firstUrl(upstream, read, argument);
      const cached = lists.get(first.href);
      if (cached !== undefined) return cached;
      const pages = readPages(upstream, scope, read, first);
      lists.set(first.href, pages);
      return pages;
    },
  };
}

async function readPages<Schema extends StandardSchemaV1, Row>(
  upstream: Upstream,
  scope: UpstreamScope,
  { call, body: schema, items: rowsOf = listOf<Row>, next, maxPages = 20, wholeBody }: PagedRead<Schema, Row, never>,
  first: URL,
): Promise<Pages<Row>> {
  const items: (Row | DomainError)[] = [];
  const seen = new Set<string>();
  const rows = wholeBody === true ? { rows: (body: Output<Schema>): number => rowsOf(body).length } : { rowsOf };
  let url: URL | null = first;
  while (url !== null && seen.size < maxPages) {
    seen.add(url.href);
    const page: URL = url;
    const details = { source: upstream.name, call, path: pathBelow(upstream, page) };
    const response = await upstream.get(scope, { call, keys: 1, path: page, body: schema, ...rows });
    const found = withErrors(rowsOf(response.body), response.invalid, details);
    for (const row of found) items.push(row);
    const counts = { itemCount: found.length, totalItemCount: items.length, index: seen.size - 1 };
    url = nextUrl(details, scope, page, nextOf(next, page, response, counts));
    if (url !== null && seen.has(url.href)) {
      throw invalidResponse({ ...details, path: pathBelow(upstream, url) }, "its next pages form a cycle");
    }
  }
  if (url !== null)
    scope.log.warn({ source: upstream.name, call, maxPages }, "a list was truncated: it has more pages than maxPages");
  return { items, isComplete: url === null };
}

/** The rows of a page, with an error at the position of each invalid row. */
function withErrors<Row>(
  rows: readonly Row[],
  invalid: InvalidRows | undefined,
  details: CallDetails,
): readonly (Row | DomainError)[] {
  if (invalid === undefined) return rows;
  const all: (Row | DomainError)[] = [...rows];
  // In ascending order, so that each position is right when its error is inserted.
  for (const { index, issue } of invalid.rows) {
    all.splice(index, 0, invalidResponse({ ...details, status: 200 }, issue));
  }
  return all;
}

/**
 * The next page. Its cursor may come from the last row of this page: if invalid rows were left out, the raw body is
 * used first, so that the list neither ends nor restarts before them.
 */
function nextOf<Body>(
  next: NextPage<Body>,
  url: URL,
  { body, headers, invalid }: UpstreamAnswer<Body>,
  counts: Pick<Page<Body>, "itemCount" | "totalItemCount" | "index">,
): string | null {
  if (invalid !== undefined) {
    try {
      const fromRaw = next(url, { headers, body: invalid.rawBody as Body, ...counts });
      if (fromRaw !== null) return fromRaw;
    } catch {
      // `next` is written for the output of the schema, which may have another shape.
    }
  }
  return next(url, { headers, body, ...counts });
}

/** Another origin is logged and not sent to the client, because it may be an internal host. */
function nextUrl(details: CallDetails, { log }: UpstreamScope, page: URL, next: string | null): URL | null {
  if (next === null) return null;
  const url = URL.parse(next, page.href);
  if (url === null) throw invalidResponse(details, "its next page is not a URL");
  if (url.origin !== page.origin) {
    log.warn({ ...details, origin: url.origin }, "a next page of another origin was refused");
    throw invalidResponse(details, "its next page has another origin");
  }
  // URLs that differ only in the fragment are the same page.
  url.hash = "";
  return url;
}

function firstUrl<Argument>(
  upstream: Upstream,
  { call, path, query, next }: Pick<PagedRead<never, never, Argument>, "call" | "path" | "query" | "next">,
  argument: Argument,
): URL {
  const target = targetOf(upstream, {
    call,
    path: typeof path === "function" ? path(argument) : path,
    query: query?.(argument),
  });
  const url = new URL(target.url);
  return new URL(next(url, null) ?? url, url);
}
