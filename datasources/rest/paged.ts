import type { StandardSchemaV1 } from "@standard-schema/spec";
import { listOf } from "./by-key.ts";
import { invalidResponse } from "./errors.ts";
import type { NextPage } from "./next-page.ts";
import type { Path } from "./path.ts";
import { pathBelow, targetOf } from "./target.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamScope } from "./upstream-read.ts";

/** A list that a service gives out in pages. */
export interface PagedRead<Schema extends StandardSchemaV1, Row, Argument> {
  /** The name in the call log; each page is an entry. */
  readonly call: string;
  /** With values in it, make it with `path`, which encodes them. */
  readonly path: Path | ((argument: Argument) => Path);
  readonly query?: (argument: Argument) => URLSearchParams;
  readonly body: Schema;
  /** Where the rows are in a body that is not a list itself. */
  readonly items?: (body: Output<Schema>) => readonly Row[];
  readonly next: NextPage<Output<Schema>>;
  /** Default 20. A list with more pages is cut off there, and says so. */
  readonly maxPages?: number;
}

export interface Pages<Row> {
  readonly items: readonly Row[];
  /** False when there were more pages than `maxPages`. */
  readonly isComplete: boolean;
}

/** Remembers for one request: a list is read once. */
export interface PageReader<Argument, Row> {
  load(argument: Argument): Promise<Pages<Row>>;
}

/**
 * Follows pages, one call each.
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` when the service sends round in a circle or to another origin
 */
export function createPageReader<Schema extends StandardSchemaV1, Row, Argument>(
  upstream: Upstream,
  scope: UpstreamScope,
  read: PagedRead<Schema, Row, Argument>,
): PageReader<Argument, Row> {
  const { call, maxPages = 20 } = read;
  if (!Number.isInteger(maxPages) || maxPages < 1) {
    throw new TypeError(`Expected "maxPages" of ${call} to be a whole number from 1 on, got ${maxPages}.`);
  }
  const lists = new Map<string, Promise<Pages<Row>>>();
  return {
    // Async, so that an argument that makes no path is a rejection and not an exception.
    load: async (argument) => {
      const first = firstUrl(upstream, read, argument);
      const known = lists.get(first.href);
      if (known !== undefined) return known;
      const pages = readPages(upstream, scope, read, first);
      lists.set(first.href, pages);
      return pages;
    },
  };
}

async function readPages<Schema extends StandardSchemaV1, Row>(
  upstream: Upstream,
  scope: UpstreamScope,
  { call, body: schema, items: rowsOf = listOf<Row>, next, maxPages = 20 }: PagedRead<Schema, Row, never>,
  first: URL,
): Promise<Pages<Row>> {
  const items: Row[] = [];
  const seen = new Set<string>();
  const rows = (body: Output<Schema>): number => rowsOf(body).length;
  let url: URL | null = first;
  while (url !== null && seen.size < maxPages) {
    seen.add(url.href);
    const { body, headers } = await upstream.get(scope, { call, keys: 1, path: url, body: schema, rows });
    const found = rowsOf(body);
    for (const row of found) items.push(row);
    const page = { headers, body, itemCount: found.length, totalItemCount: items.length, index: seen.size - 1 };
    url = nextUrl(upstream, scope, url, next(url, page));
    if (url !== null && seen.has(url.href)) throw refused(upstream, url, "its pages lead round in a circle");
  }
  if (url !== null) scope.log.warn({ source: upstream.name, call, maxPages }, "a list was cut off: it has more pages");
  return { items, isComplete: url === null };
}

/** Another origin is told to the log alone: its name may be one of the operator's own network. */
function nextUrl(upstream: Upstream, { log }: UpstreamScope, page: URL, next: string | null): URL | null {
  if (next === null) return null;
  const url = URL.parse(next, page.href);
  if (url === null) throw refused(upstream, page, "it names a next page that is no URL");
  if (url.origin !== page.origin) {
    const where = { source: upstream.name, path: pathBelow(upstream, page), origin: url.origin };
    log.warn(where, "a next page of another origin was refused");
    throw refused(upstream, page, "its next page is of another origin");
  }
  // The fragment is for whoever reads the page; it would make one page look like two.
  url.hash = "";
  return url;
}

const refused = (upstream: Upstream, page: URL, what: string) =>
  invalidResponse(upstream.name, pathBelow(upstream, page), what);

function firstUrl<Argument>(
  upstream: Upstream,
  { path, query, next }: Pick<PagedRead<never, never, Argument>, "path" | "query" | "next">,
  argument: Argument,
): URL {
  const target = targetOf(upstream, {
    path: typeof path === "function" ? path(argument) : path,
    query: query?.(argument),
  });
  const url = new URL(target.url);
  return new URL(next(url, null) ?? url, url);
}
