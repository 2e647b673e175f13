export interface UpstreamOptions {
  /** The name in the call log and in errors. */
  readonly name: string;
  /** `http://127.0.0.1:4101`; paths are appended to it. */
  readonly baseUrl: string;
  /** Sent with every call, for instance an API key. Default: `accept: application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The names of the headers of the client's request that are forwarded: `authorization`, `x-tenant`. Their values are
   * the identity of a call: clients with different values share neither a pending call nor a cached response.
   */
  readonly forwardHeaders?: readonly string[];
  /** The time limit of a call in milliseconds, within the request's deadline. Default 5000. */
  readonly timeoutMs?: number;
  /** The maximum number of concurrent calls; more are queued. Default 16. */
  readonly maxConcurrency?: number;
  /**
   * The maximum number of concurrent calls per request, which leaves permits for other requests. Default: half of
   * `maxConcurrency`.
   */
  readonly maxConcurrencyPerRequest?: number;
  /** The maximum number of queued calls, over all requests; one more is refused with `OVERLOADED`. Default 1000. */
  readonly maxQueue?: number;
  /**
   * The age in milliseconds up to which an identical read joins a pending call. From then on the next read starts a new
   * call, and all reads that have joined the old call join the new one too. `Infinity` for no limit. Default: a fifth
   * of `timeoutMs`.
   */
  readonly maxJoinAgeMs?: number;
  /** The maximum size of a body in bytes, before and after decompression. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** The maximum size of the headers of a response in bytes. Default 16 KiB. */
  readonly maxHeaderBytes?: number;
  /**
   * The maximum size of the HTTP cache (RFC 9111) in bytes, the results of schemas included; 0 for none. Default 16
   * MiB.
   */
  readonly cacheBytes?: number;
  /** The maximum length of the URL of a batch in characters; more keys go into another call. Default 2000. */
  readonly maxUrlLength?: number;
  /**
   * For how many seconds after its expiry a cached response is served if the service fails, for responses without
   * `stale-if-error` (RFC 5861). Default 0.
   */
  readonly staleIfErrorSeconds?: number;
  /** Whether a stale response may be served for a 429, as for a 503. Default false. */
  readonly staleIfRateLimited?: boolean;
  /**
   * Whether a response with `Last-Modified` and without a lifetime is fresh for a tenth of its age (RFC 9111, 4.2.2).
   * Default false: it is revalidated for each read.
   */
  readonly heuristicFreshness?: boolean;
}

/** The limits and switches, with their defaults. */
export type CheckedOptions = Required<
  Omit<UpstreamOptions, "name" | "baseUrl" | "headers" | "forwardHeaders" | "maxUrlLength">
>;

/** @throws TypeError for an invalid number */
export function checkedOptions(options: UpstreamOptions): CheckedOptions {
  const { timeoutMs = 5000, maxConcurrency = 16 } = options;
  const checked = {
    timeoutMs,
    maxConcurrency,
    maxConcurrencyPerRequest: options.maxConcurrencyPerRequest ?? Math.max(1, Math.floor(maxConcurrency / 2)),
    maxQueue: options.maxQueue ?? 1000,
    maxJoinAgeMs: options.maxJoinAgeMs ?? timeoutMs / 5,
    maxBodyBytes: options.maxBodyBytes ?? 8 * 1024 * 1024,
    maxHeaderBytes: options.maxHeaderBytes ?? 16 * 1024,
    cacheBytes: options.cacheBytes ?? 16 * 1024 * 1024,
    staleIfErrorSeconds: options.staleIfErrorSeconds ?? 0,
    staleIfRateLimited: options.staleIfRateLimited ?? false,
    heuristicFreshness: options.heuristicFreshness ?? false,
  };
  for (const name of [
    "timeoutMs",
    "maxConcurrency",
    "maxConcurrencyPerRequest",
    "maxBodyBytes",
    "maxHeaderBytes",
  ] as const) {
    assertInteger(options.name, name, checked[name], 1);
  }
  for (const name of ["maxQueue", "cacheBytes", "staleIfErrorSeconds"] as const) {
    assertInteger(options.name, name, checked[name], 0);
  }
  if (!(checked.maxJoinAgeMs >= 0)) {
    throw new TypeError(`Expected maxJoinAgeMs of ${options.name} to be a number from 0, got ${checked.maxJoinAgeMs}.`);
  }
  return checked;
}

function assertInteger(source: string, name: string, value: number, min: number): void {
  if (Number.isInteger(value) && value >= min) return;
  throw new TypeError(`Expected ${name} of ${source} to be a whole number from ${min}, got ${value}.`);
}
