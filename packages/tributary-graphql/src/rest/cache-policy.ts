import CachePolicy from "http-cache-semantics";
import type { ResponseHeaders } from "./upstream-read.ts";

/** How a stored response may be used. Times are milliseconds since 1970. */
export interface StoredPolicy {
  /** Until then it is served without a call. */
  readonly freshUntil: number;
  /** Until then it is served if the service fails; 0 for never. */
  readonly staleIfErrorUntil: number;
  /** Its age in seconds at `receivedAt`. */
  readonly age: number;
  readonly receivedAt: number;
  /** The request headers of a revalidation. */
  readonly validators: Readonly<Record<string, string>>;
}

export interface PolicyOptions {
  /** Seconds after expiry for which a response without `stale-if-error` may be served if the service fails. */
  readonly staleIfErrorSeconds: number;
  /** Whether a response that has only `Last-Modified` is fresh for a tenth of its age. */
  readonly heuristicFreshness: boolean;
}

/** Other errors and redirects may be temporary, and are never stored. */
const isCacheable = (status: number): boolean => status === 200 || isNotFound(status);
const isNotFound = (status: number): boolean => status === 404 || status === 410;

/**
 * The use that RFC 9111 and RFC 5861 allow a shared cache to make of a GET response; undefined if it must not, or need
 * not, be stored. A 404 and a 410 are stored only with an explicit lifetime.
 */
export function policyOf(
  { status, headers }: { readonly status: number; readonly headers: ResponseHeaders },
  requestHeaders: Readonly<Record<string, string>>,
  options: PolicyOptions,
): StoredPolicy | undefined {
  if (!isCacheable(status) || !hasCacheHeaders(headers)) return undefined;
  const directives = directivesOf(headers["cache-control"]);
  const varies = textOf(headers.vary)?.split(",") ?? [];
  if (headers["set-cookie"] !== undefined || varies.some((name) => name.trim() === "*")) return undefined;
  const policy = new CachePolicy(
    { method: "GET", headers: { ...requestHeaders } },
    {
      status,
      headers: { ...joinedHeaders(headers), ...(directives.size > 0 && { "cache-control": headerOf(directives) }) },
    },
    { shared: true, cacheHeuristic: options.heuristicFreshness ? 0.1 : 0, immutableMinTimeToLive: 0 },
  );
  if (!policy.storable()) return undefined;
  const receivedAt = Date.now();
  const age = Math.max(policy.age(), apparentAge(headers, receivedAt));
  const freshUntil = receivedAt + (policy.maxAge() - age) * 1000;
  const seconds = staleSeconds(directives, headers, options);
  const staleIfErrorUntil = seconds === 0 ? 0 : freshUntil + seconds * 1000;
  const validators = isNotFound(status) ? {} : validatorsOf(headers);
  const isUseful = isNotFound(status)
    ? hasExplicitLifetime(directives, headers) && freshUntil > receivedAt
    : Math.max(freshUntil, staleIfErrorUntil) > receivedAt || Object.keys(validators).length > 0;
  return isUseful ? { freshUntil, staleIfErrorUntil, age, receivedAt, validators } : undefined;
}

/** Seconds by which the clocks of the service and of this machine may differ. */
const maxClockSkew = 5;

/** Seconds since the `Date` of the response, because a cache on the way may not send an `Age` (RFC 9111, 4.2.3). */
function apparentAge({ date }: ResponseHeaders, receivedAt: number): number {
  const seconds = Math.floor((receivedAt - Date.parse(textOf(date) ?? "")) / 1000);
  return seconds > maxClockSkew ? seconds : 0;
}

type Directives = ReadonlyMap<string, string>;

/** A response without any of these headers, as most are, needs no policy. */
const hasCacheHeaders = (headers: ResponseHeaders): boolean =>
  headers["cache-control"] !== undefined ||
  headers.expires !== undefined ||
  headers.etag !== undefined ||
  headers["last-modified"] !== undefined;

/**
 * Directives by name in lower case. A directive with an invalid number of seconds, or with two different ones, counts
 * as 0 (RFC 9111, 4.2.1).
 */
function directivesOf(header: string | readonly string[] | undefined): Directives {
  const directives = new Map<string, string>();
  for (const part of textOf(header)?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []) {
    const [name = "", ...rest] = part.split("=");
    const key = name.trim().toLowerCase();
    const value = rest.join("=").trim().replace(/^"|"$/g, "");
    const isSeconds = /^(?:s-maxage|max-age|stale-if-error)$/.test(key);
    const isValid = /^\d+$/.test(value) && (directives.get(key) ?? value) === value;
    if (key !== "") directives.set(key, isSeconds && !isValid ? "0" : value);
  }
  return directives;
}

const headerOf = (directives: Directives): string =>
  [...directives].map(([name, value]) => (value === "" ? name : `${name}=${value.replaceAll(",", " ")}`)).join(", ");

/** `s-maxage` forbids a stale response as `proxy-revalidate` does (RFC 9111, 5.2.2.10). */
const forbidsStale = ["must-revalidate", "proxy-revalidate", "no-cache", "s-maxage"];

function staleSeconds(
  directives: Directives,
  headers: ResponseHeaders,
  { staleIfErrorSeconds }: PolicyOptions,
): number {
  const isPragma = directives.size === 0 && textOf(headers.pragma)?.toLowerCase().includes("no-cache");
  if (isPragma || forbidsStale.some((name) => directives.has(name))) return 0;
  return Number(directives.get("stale-if-error") ?? staleIfErrorSeconds);
}

const hasExplicitLifetime = (directives: Directives, { expires }: ResponseHeaders): boolean =>
  directives.has("max-age") || directives.has("s-maxage") || expires !== undefined;

function validatorsOf(headers: ResponseHeaders): Record<string, string> {
  const etag = textOf(headers.etag);
  const lastModified = textOf(headers["last-modified"]);
  return {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(lastModified !== undefined && { "if-modified-since": lastModified }),
  };
}

/** The values of a repeated header are one list. */
const textOf = (header: string | readonly string[] | undefined): string | undefined =>
  header === undefined ? undefined : [header].flat().join(", ");

const joinedHeaders = (headers: ResponseHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, textOf(value) ?? ""]));
