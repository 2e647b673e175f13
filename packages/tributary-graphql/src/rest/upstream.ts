import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CacheStats } from "./cached-http.ts";
import { UpstreamCalls } from "./upstream-calls.ts";
import type { UpstreamOptions } from "./upstream-options.ts";
import type { Output, UpstreamAnswer, UpstreamPost, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

export type { CacheStats } from "./cached-http.ts";
export type { UpstreamOptions } from "./upstream-options.ts";
export type { UpstreamAnswer, UpstreamPost, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

/** A REST service: every call of it has a deadline, stops with the last who waits for it, is bounded, checked and logged. */
export interface Upstream {
  readonly name: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly maxUrlLength: number;
  /**
   * One GET, one entry of the call log. Identical reads in flight are one call, also across requests: the same URL, body
   * and forwarded headers. Each one keeps its own deadline.
   * @throws DomainError `UPSTREAM_UNAVAILABLE`, `UPSTREAM_INVALID_RESPONSE`, `OVERLOADED` or `DEADLINE_EXCEEDED`, with the
   * source and the call
   */
  get<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
  ): Promise<UpstreamAnswer<Output<Schema>>>;
  /** As `get`, but null where the service says 404: there is no such thing. */
  find<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
  ): Promise<UpstreamAnswer<Output<Schema>> | null>;
  /**
   * As `get`, but a POST: never cached, never tried again.
   * @throws TypeError when `json` is nothing that JSON has
   */
  post<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamPost<Schema>,
  ): Promise<UpstreamAnswer<Output<Schema>>>;
  /** How the HTTP cache does. */
  cacheStats(): CacheStats;
  close(): Promise<void>;
}

/** @throws TypeError for a base URL or a header that cannot be sent */
export function createUpstream(options: UpstreamOptions): Upstream {
  const calls = new UpstreamCalls(options);
  return {
    name: calls.name,
    baseUrl: calls.baseUrl,
    maxUrlLength: options.maxUrlLength ?? 2000,
    get: (scope, read) => calls.make(scope, read, undefined, calls.answerTo),
    find: (scope, read) =>
      calls.make(scope, read, undefined, (question, answer) =>
        answer.status === 404 ? { result: null, rows: 0 } : calls.answerTo(question, answer),
      ),
    post: async (scope, read) => calls.make(scope, read, jsonOf(read), calls.answerTo),
    cacheStats: () => calls.cached.stats(),
    close: () => calls.http.close(),
  };
}

/** Without a body, the call would be a GET of everything. */
function jsonOf({ call, json }: { readonly call: string; readonly json: unknown }): string {
  const text: string | undefined = JSON.stringify(json);
  if (text === undefined) throw new TypeError(`Expected a value for the JSON body of ${call}, got ${typeof json}.`);
  return text;
}
