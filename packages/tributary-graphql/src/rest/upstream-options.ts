export interface UpstreamOptions {
  /** The name in the call log and in errors. */
  readonly name: string;
  /** `http://127.0.0.1:4101`; paths are appended to it. */
  readonly baseUrl: string;
  /** Sent with every call, an API key for instance. Default: only `accept: application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Names of headers of the client's request that are passed on: `authorization`, `x-tenant`. They are the identity of a
   * call: nothing is shared between clients that differ in one of them, neither in flight nor in the cache.
   */
  readonly forwardHeaders?: readonly string[];
  /** One call's own deadline in milliseconds, below the request's. Default 5000. */
  readonly timeoutMs?: number;
  /** Calls under way at once; more wait. Default 16. */
  readonly maxConcurrency?: number;
  /** How many of them may be for one request, so that another one's calls find a free place. Default: half of them. */
  readonly maxConcurrencyPerRequest?: number;
  /** Most calls that wait for one under way to end; one more is refused with `OVERLOADED`. Default 1000. */
  readonly maxQueue?: number;
  /**
   * How old a call under way may be, in milliseconds, for another read of the same to join it. From then on newcomers
   * start a call of their own, and so do those together that have joined it and still wait. `Infinity`: they join a call
   * of any age. Default: a fifth of `timeoutMs`.
   */
  readonly maxJoinAgeMs?: number;
  /** Largest body in bytes, before and after it is decompressed. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Largest headers of a response in bytes. Default 16 KiB. */
  readonly maxHeaderBytes?: number;
  /** Size of the HTTP cache (RFC 9111) in bytes, what schemas have made of the bodies included; 0 for none. Default 16 MiB. */
  readonly cacheBytes?: number;
  /** Longest URL of a batch in characters; more keys go into a further call. Default 2000. */
  readonly maxUrlLength?: number;
  /**
   * For how many seconds a stale cached answer may stand in for a failing service when its headers do not say
   * (`stale-if-error`, RFC 5861). Default 0.
   */
  readonly staleIfErrorSeconds?: number;
  /** Whether a stale answer may stand in for a 429 as it may for a 503. Default false. */
  readonly staleIfRateLimited?: boolean;
  /**
   * Whether an answer that says when it was last modified, and nothing of how long it may be kept, is fresh for a tenth of
   * its age (RFC 9111, 4.2.2). Default false: the service is asked each time.
   */
  readonly heuristicFreshness?: boolean;
}

/** The options that have a number or a switch, each with its value or its default. */
export type CheckedOptions = Required<
  Omit<UpstreamOptions, "name" | "baseUrl" | "headers" | "forwardHeaders" | "maxUrlLength">
>;

/** @throws TypeError for a number that is none, or too small */
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
    assertWhole(options.name, name, checked[name], 1);
  }
  for (const name of ["maxQueue", "cacheBytes", "staleIfErrorSeconds"] as const) {
    assertWhole(options.name, name, checked[name], 0);
  }
  if (!(checked.maxJoinAgeMs >= 0)) {
    throw new TypeError(
      `Expected maxJoinAgeMs of ${options.name} to be a number from 0 on, got ${checked.maxJoinAgeMs}.`,
    );
  }
  return checked;
}

function assertWhole(source: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new TypeError(`Expected ${name} of ${source} to be a whole number from ${least} on, got ${value}.`);
}
