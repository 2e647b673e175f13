import { invalidResponse } from "./errors.ts";
import { assertBelowBase, templateOf } from "./path.ts";
import type { UpstreamRead } from "./upstream-read.ts";

/** The target of a call. */
export interface Target {
  readonly url: string;
  /** The path below the base URL, for errors and the log. It has no query, which may hold input of a client. */
  readonly path: string;
}

/** @throws TypeError for a URL that is not http(s), or has a query, a fragment or credentials */
export function checkedBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  if (!isPlain || url.search !== "" || url.hash !== "") {
    throw new TypeError(`Expected a base URL such as https://api.example.org/v1, got ${JSON.stringify(baseUrl)}.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/**
 * @throws TypeError for a path that is not below the base URL
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` for a URL of another origin, which the service has sent
 */
export function targetOf(
  source: { readonly name: string; readonly baseUrl: string },
  { call, path, query }: Pick<UpstreamRead<never>, "call" | "path" | "query">,
): Target {
  if (path instanceof URL) {
    if (path.origin !== new URL(source.baseUrl).origin) {
      throw invalidResponse({ source: source.name, call, path: path.pathname }, "it has a URL of another origin");
    }
    return { url: `${path.origin}${path.pathname}${path.search}`, path: pathBelow(source, path) };
  }
  assertBelowBase(path);
  const search = query === undefined ? "" : String(query);
  return { url: `${source.baseUrl}${path}${search === "" ? "" : `?${search}`}`, path };
}

/**
 * The URL of a call for the log, with `…` for each value that `path` has put into it. The path of a URL that the
 * service has sent may hold any values, and is `/…` unless `path` has built the same one.
 */
export function urlForLog(
  source: { readonly baseUrl: string },
  { path }: Pick<UpstreamRead<never>, "path">,
  target: Target,
): string {
  const template = templateOf(target.path) ?? (path instanceof URL ? "/…" : target.path);
  const search = target.url.indexOf("?");
  return `${source.baseUrl}${template}${search === -1 ? "" : target.url.slice(search)}`;
}

/** The path of a URL below the base URL, as in the options of reads. */
export function pathBelow({ baseUrl }: { readonly baseUrl: string }, { origin, pathname }: URL): string {
  const base = baseUrl.slice(origin.length);
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
}
