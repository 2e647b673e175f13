import { invalidResponse } from "./errors.ts";
import { assertStaysBelow, templateOf } from "./path.ts";
import type { UpstreamRead } from "./upstream-read.ts";

/** Where a call goes. */
export interface Target {
  readonly url: string;
  /** For errors and the log: below the base URL, and without the query, which may hold what a client entered. */
  readonly path: string;
}

/** @throws TypeError when it is no http(s) URL, or has a query, a fragment or a password */
export function checkedBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  if (!isPlain || url.search !== "" || url.hash !== "") {
    throw new TypeError(`Expected a base URL such as https://api.example.org/v1, got ${JSON.stringify(baseUrl)}.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/**
 * @throws TypeError for a path that leaves the base URL
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` for a URL of another origin, which the service then gave out
 */
export function targetOf(
  source: { readonly name: string; readonly baseUrl: string },
  { call, path, query }: Pick<UpstreamRead<never>, "call" | "path" | "query">,
): Target {
  if (path instanceof URL) {
    if (path.origin !== new URL(source.baseUrl).origin) {
      throw invalidResponse({ source: source.name, call, path: path.pathname }, "it leads to another origin");
    }
    return { url: `${path.origin}${path.pathname}${path.search}`, path: pathBelow(source, path) };
  }
  assertStaysBelow(path);
  const search = query === undefined ? "" : String(query);
  return { url: `${source.baseUrl}${path}${search === "" ? "" : `?${search}`}`, path };
}

/**
 * The URL of a call for the log: `…` stands for each value that `path` has put into it. Of a URL that the service gave
 * out, whose path may hold anything, only a path that `path` has made is shown.
 */
export function shownUrl(
  source: { readonly baseUrl: string },
  { path }: Pick<UpstreamRead<never>, "path">,
  target: Target,
): string {
  const template = templateOf(target.path) ?? (path instanceof URL ? "/…" : target.path);
  const search = target.url.indexOf("?");
  return `${source.baseUrl}${template}${search === -1 ? "" : target.url.slice(search)}`;
}

/** The path of a URL as reads are declared, without that of the base URL, which is the operator's own. */
export function pathBelow({ baseUrl }: { readonly baseUrl: string }, { origin, pathname }: URL): string {
  const base = baseUrl.slice(origin.length);
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
}
