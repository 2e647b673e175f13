import CachePolicy from "http-cache-semantics";
import type { AnswerHeaders } from "./upstream-read.ts";

/** How a stored response may be used, and until when, in milliseconds since 1970. */
export interface StoredPolicy {
  /** It is used without a call. */
  readonly freshUntil: number;
  /** It stands in for a failing service; 0 for never. */
  readonly standsInUntil: number;
  /** How old it was when it came, in seconds, and when that was. */
  readonly age: number;
  readonly receivedAt: number;
  /** Sent to ask whether it is still right. */
  readonly validators: Readonly<Record<string, string>>;
}

export interface PolicyOptions {
  /** For responses that do not say themselves how long they may stand in for a failing service. */
  readonly staleIfErrorSeconds: number;
  /** Whether a response that says nothing but `Last-Modified` is fresh for a tenth of its age. */
  readonly heuristicFreshness: boolean;
}

/** Whether this status may ever be stored: a lasting answer. All other errors and redirects may be over in a moment. */
const isLasting = (status: number): boolean => status === 200 || isAbsence(status);
const isAbsence = (status: number): boolean => status === 404 || status === 410;

/**
 * The use of a GET response that RFC 9111 and RFC 5861 allow a shared cache; undefined for one that must not, or
 * need not, be stored: a 404 and a 410 are stored only where they say for how long.
 */
export function policyOf(
  { status, headers }: { readonly status: number; readonly headers: AnswerHeaders },
  requestHeaders: Readonly<Record<string, string>>,
  options: PolicyOptions,
): StoredPolicy | undefined {
  if (!isLasting(status) || !saysAnything(headers)) return undefined;
  const directives = directivesOf(headers["cache-control"]);
  const varies = textOf(headers.vary)?.split(",") ?? [];
  if (headers["set-cookie"] !== undefined || varies.some((name) => name.trim() === "*")) return undefined;
  const policy = new CachePolicy(
    { method: "GET", headers: { ...requestHeaders } },
    { status, headers: { ...plain(headers), ...(directives.size > 0 && { "cache-control": headerOf(directives) }) } },
    { shared: true, cacheHeuristic: options.heuristicFreshness ? 0.1 : 0, immutableMinTimeToLive: 0 },
  );
  if (!policy.storable()) return undefined;
  const receivedAt = Date.now();
  const age = Math.max(policy.age(), apparentAge(headers, receivedAt));
  const freshUntil = receivedAt + (policy.maxAge() - age) * 1000;
  const seconds = staleSeconds(directives, headers, options);
  const standsInUntil = seconds === 0 ? 0 : freshUntil + seconds * 1000;
  const validators = isAbsence(status) ? {} : validatorsOf(headers);
  const isOfUse = isAbsence(status)
    ? isExplicit(directives, headers) && freshUntil > receivedAt
    : Math.max(freshUntil, standsInUntil) > receivedAt || Object.keys(validators).length > 0;
  return isOfUse ? { freshUntil, standsInUntil, age, receivedAt, validators } : undefined;
}

/** Clocks that differ by so many seconds are no reason to call a new response old. */
const maxClockDifference = 5;

/** Seconds since the service made the response, by its own clock: a cache on the way may not tell an `Age` (RFC 9111, 4.2.3). */
function apparentAge({ date }: AnswerHeaders, receivedAt: number): number {
  const seconds = Math.floor((receivedAt - Date.parse(textOf(date) ?? "")) / 1000);
  return seconds > maxClockDifference ? seconds : 0;
}

type Directives = ReadonlyMap<string, string>;

/** Most responses of most services: nothing to think about. */
const saysAnything = (headers: AnswerHeaders): boolean =>
  headers["cache-control"] !== undefined ||
  headers.expires !== undefined ||
  headers.etag !== undefined ||
  headers["last-modified"] !== undefined;

/**
 * Directives by name in lower case. One whose value is no number of seconds, or that comes twice with different ones,
 * counts as 0: what is not understood is not trusted (RFC 9111, 4.2.1).
 */
function directivesOf(header: string | readonly string[] | undefined): Directives {
  const directives = new Map<string, string>();
  for (const part of textOf(header)?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []) {
    const [name = "", ...rest] = part.split("=");
    const key = name.trim().toLowerCase();
    const value = rest.join("=").trim().replace(/^"|"$/g, "");
    const isSeconds = /^(?:s-maxage|max-age|stale-if-error)$/.test(key);
    const isTrusted = /^\d+$/.test(value) && (directives.get(key) ?? value) === value;
    if (key !== "") directives.set(key, isSeconds && !isTrusted ? "0" : value);
  }
  return directives;
}

const headerOf = (directives: Directives): string =>
  [...directives].map(([name, value]) => (value === "" ? name : `${name}=${value.replaceAll(",", " ")}`)).join(", ");

/** `s-maxage` forbids a stale answer as `proxy-revalidate` does (RFC 9111, 5.2.2.10). */
const forbidsStale = ["must-revalidate", "proxy-revalidate", "no-cache", "s-maxage"];

function staleSeconds(directives: Directives, headers: AnswerHeaders, { staleIfErrorSeconds }: PolicyOptions): number {
  const isPragma = directives.size === 0 && textOf(headers.pragma)?.toLowerCase().includes("no-cache");
  if (isPragma || forbidsStale.some((name) => directives.has(name))) return 0;
  return Number(directives.get("stale-if-error") ?? staleIfErrorSeconds);
}

const isExplicit = (directives: Directives, { expires }: AnswerHeaders): boolean =>
  directives.has("max-age") || directives.has("s-maxage") || expires !== undefined;

function validatorsOf(headers: AnswerHeaders): Record<string, string> {
  const etag = textOf(headers.etag);
  const lastModified = textOf(headers["last-modified"]);
  return {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(lastModified !== undefined && { "if-modified-since": lastModified }),
  };
}

/** A header that comes more than once is one list. */
const textOf = (header: string | readonly string[] | undefined): string | undefined =>
  header === undefined ? undefined : [header].flat().join(", ");

const plain = (headers: AnswerHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, textOf(value) ?? ""]));
