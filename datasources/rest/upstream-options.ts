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
  /** Calls under way at once; more wait in a line that whoever leaves is out of. Default 16. */
  readonly maxConcurrency?: number;
  /** Largest body in bytes; none is asked for in compressed form. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Size of the HTTP cache (RFC 9111) in bytes; 0 for none. Default 16 MiB. */
  readonly cacheBytes?: number;
  /** Longest URL of a batch in characters; more keys go into a further call. Default 2000. */
  readonly maxUrlLength?: number;
  /**
   * For how many seconds a stale cached answer may stand in for a failing service when its headers do not say
   * (`stale-if-error`, RFC 5861). Default 0.
   */
  readonly staleIfErrorSeconds?: number;
}
