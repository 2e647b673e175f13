import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { DomainError } from "../core/domain-error.ts";
import { listOf } from "./by-key.ts";
import { type Failing, invalidResponse } from "./errors.ts";
import type { NextPage, Page } from "./next-page.ts";
import type { Path } from "./path.ts";
import { pathBelow, targetOf } from "./target.ts";
import type { Upstream } from "./upstream.ts";
import type { Output, UpstreamAnswer, UpstreamScope } from "./upstream-read.ts";
import type { InvalidRows } from "./valid-rows.ts";

/** A list that a service gives out in pages. */
export interface PagedRead<Schema extends StandardSchemaV1, Row, Argument> {
  /** The name in the call log; each page is an entry. */
  readonly call: string;
  /** With values in it, make it with `path`, which encodes them. */
  readonly path: Path | ((argument: Argument) => Path);
  /** Text is taken as it is, so it must be encoded, as `queryOf` does. */
  readonly query?: (argument: Argument) => URLSearchParams | string;
  readonly body: Schema;
  /** Where the rows are in a body that is not a list itself. */
  readonly items?: (body: Output<Schema>) => readonly Row[];
  readonly next: NextPage<Output<Schema>>;
  /** Default 20. A list with more pages is cut off there, and says so. */
  readonly maxPages?: number;
  /** Whether one row that is not as declared fails the list. Default false: an error stands at its position. */
  readonly wholeBody?: boolean;
}

export interface Pages<Row> {
  /** An error stands for a row that is not as declared: a field that gives the list has it at that position. */
  readonly items: readonly (Row | DomainError)[];
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
    const failing = { source: upstream.name, call, path: pathBelow(upstream, page) };
    const answer = await upstream.get(scope, { call, keys: 1, path: page, body: schema, ...rows });
    const found = withErrors(rowsOf(answer.body), answer.invalid, failing);
    for (const row of found) items.push(row);
    const counts = { itemCount: found.length, totalItemCount: items.length, index: seen.size - 1 };
    url = nextUrl(failing, scope, page, nextOf(next, page, answer, counts));
    if (url !== null && seen.has(url.href)) {
      throw invalidResponse({ ...failing, path: pathBelow(upstream, url) }, "its pages lead round in a circle");
    }
  }
  if (url !== null) scope.log.warn({ source: upstream.name, call, maxPages }, "a list was cut off: it has more pages");
  return { items, isComplete: url === null };
}

/** The rows of a page with an error at the position of each that is not as declared. */
function withErrors<Row>(
  rows: readonly Row[],
  invalid: InvalidRows | undefined,
  failing: Failing,
): readonly (Row | DomainError)[] {
  if (invalid === undefined) return rows;
  const all: (Row | DomainError)[] = [...rows];
  // In the order of their positions, so that each finds the ones before it where they belong.
  for (const { index, fault } of invalid.rows) {
    all.splice(index, 0, invalidResponse({ ...failing, status: 200 }, fault));
  }
  return all;
}

/**
 * Where the list goes on. A cursor may be made of a page's last row: where rows are left out, the body as it came is asked
 * first, lest the list end, or begin again, before them.
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
      // Made for what the schema gives, which is of another shape.
    }
  }
  return next(url, { headers, body, ...counts });
}

/** Another origin is told to the log alone: its name may be one of the operator's own network. */
function nextUrl(failing: Failing, { log }: UpstreamScope, page: URL, next: string | null): URL | null {
  if (next === null) return null;
  const url = URL.parse(next, page.href);
  if (url === null) throw invalidResponse(failing, "it names a next page that is no URL");
  if (url.origin !== page.origin) {
    log.warn({ ...failing, origin: url.origin }, "a next page of another origin was refused");
    throw invalidResponse(failing, "its next page is of another origin");
  }
  // The fragment is for whoever reads the page; it would make one page look like two.
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
