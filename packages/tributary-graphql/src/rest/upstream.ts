import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CacheStats } from "./cached-http.ts";
import { UpstreamCalls } from "./upstream-calls.ts";
import type { UpstreamOptions } from "./upstream-options.ts";
import type { Output, UpstreamAnswer, UpstreamPost, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

export type { CacheStats } from "./cached-http.ts";
export type { UpstreamOptions } from "./upstream-options.ts";
export type { UpstreamAnswer, UpstreamPost, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

/**
 * A REST service. Every call has a deadline and size limits, is aborted with its last subscriber, validated and logged.
 */
export interface Upstream {
  readonly name: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly maxUrlLength: number;
  /**
   * Makes a GET, and adds one entry to the call log. Pending reads with the same URL and forwarded headers share one
   * call, also across requests. Each read keeps its own deadline.
   * @throws DomainError `UPSTREAM_UNAVAILABLE`, `UPSTREAM_INVALID_RESPONSE`, `OVERLOADED` or `DEADLINE_EXCEEDED`, with
   * the source and the call
   */
  get<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
  ): Promise<UpstreamAnswer<Output<Schema>>>;
  /** As `get`, but null for a 404. */
  find<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
  ): Promise<UpstreamAnswer<Output<Schema>> | null>;
  /**
   * As `get`, but a POST: never cached and never retried. Reads share a call if their bodies are equal too.
   * @throws TypeError for a `json` without a JSON representation
   */
  post<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamPost<Schema>,
  ): Promise<UpstreamAnswer<Output<Schema>>>;
  /** Counters and the size of the HTTP cache. */
  cacheStats(): CacheStats;
  close(): Promise<void>;
}

/** @throws TypeError for an invalid base URL, header or limit */
export function createUpstream(options: UpstreamOptions): Upstream {
  const calls = new UpstreamCalls(options);
  return {
    name: calls.name,
    baseUrl: calls.baseUrl,
    maxUrlLength: options.maxUrlLength ?? 2000,
    get: (scope, read) => calls.make(scope, read, undefined, calls.validated),
    find: (scope, read) =>
      calls.make(scope, read, undefined, (prepared, response) =>
        response.status === 404 ? { result: null, rows: 0 } : calls.validated(prepared, response),
      ),
    post: async (scope, read) => calls.make(scope, read, jsonOf(read), calls.validated),
    cacheStats: () => calls.cached.stats(),
    close: () => calls.http.close(),
  };
}

/** Without a body, the call would be a GET. */
function jsonOf({ call, json }: { readonly call: string; readonly json: unknown }): string {
  const text: string | undefined = JSON.stringify(json);
  if (text === undefined) throw new TypeError(`The JSON body of ${call} must be a JSON value, got ${typeof json}.`);
  return text;
}
