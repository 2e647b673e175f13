import { Agent, type Dispatcher, interceptors, request } from "undici";
import { readText } from "./body.ts";
import { freshen } from "./freshen.ts";
import { endInTime, type NetworkCall, withNetworkCall } from "./network.ts";
import { ResponseStore } from "./response-store.ts";
import type { AnswerHeaders } from "./upstream-read.ts";

export interface HttpOptions {
  readonly timeoutMs: number;
  readonly maxConcurrency: number;
  readonly maxBodyBytes: number;
  readonly cacheBytes: number;
  readonly staleIfErrorSeconds: number;
  /** Names of the headers that tell clients apart, in lower case. */
  readonly identity: readonly string[];
}

export interface HttpCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly json?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
  /** The service was not called. */
  readonly isCached: boolean;
  /** The service said that the stored answer is still right. */
  readonly isRevalidated: boolean;
  /** The service failed, and the stored answer stands in for its own. */
  readonly isStale: boolean;
}

/** How the GETs of a service were answered since the start, and what its HTTP cache holds now. */
export interface CacheStats {
  /** Without a call. */
  readonly hits: number;
  /** By the service alone. */
  readonly misses: number;
  /** By the cache, after the service said that it is still right. */
  readonly revalidated: number;
  /** By the cache with what is out of date, because the service failed. */
  readonly stale: number;
  readonly entries: number;
  readonly bytes: number;
}

export interface Http {
  /** @throws CallTimeoutError, BodyTooLargeError, the signal's reason, or what undici throws */
  send(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer>;
  /** Takes the answer to a GET out of the cache. */
  forget(call: Omit<HttpCall, "json">): void;
  cacheStats(): CacheStats;
  close(): Promise<void>;
}

/** HTTP as it comes: bounded in time and size, with a cache (RFC 9111) for GETs. Redirects are not followed. */
export function createHttp(options: HttpOptions): Http {
  const { timeoutMs, maxBodyBytes } = options;
  const agent = new Agent({
    connections: options.maxConcurrency,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const store = new ResponseStore({ ...options, maxBytes: Math.max(1, options.cacheBytes) });
  const uncached = agent.compose(endInTime(timeoutMs));
  const cached = options.cacheBytes === 0 ? uncached : withCache(agent, timeoutMs, store);
  const counts = { hits: 0, misses: 0, revalidated: 0, stale: 0 };

  return {
    async send({ url, headers, json }, signal) {
      const call: NetworkCall = { signal, wasCalled: false, hasFailed: false, wasRevalidated: false };
      const what: { method: "GET" | "POST"; body?: string; headers: HttpCall["headers"]; dispatcher: Dispatcher } =
        json === undefined
          ? { method: "GET", headers, dispatcher: cached }
          : {
              method: "POST",
              headers: { ...headers, "content-type": "application/json" },
              body: json,
              dispatcher: uncached,
            };
      const response = await request(url, withNetworkCall(what, call));
      const isStale = call.hasFailed && response.statusCode < 500;
      const text = await readText(response.body, maxBodyBytes);
      const answer = { status: response.statusCode, headers: response.headers, text };
      const marks = { isCached: !call.wasCalled, isRevalidated: call.wasRevalidated, isStale };
      if (json === undefined) counts[outcomeOf(marks)]++;
      return { ...answer, ...marks };
    },
    forget: ({ url, headers }) => {
      const { origin, pathname, search } = new URL(url);
      store.delete({ origin, method: "GET", path: `${pathname}${search}`, headers });
    },
    cacheStats: () => ({ ...counts, entries: store.entries, bytes: store.bytes }),
    close: () => agent.destroy(),
  };
}

const outcomeOf = ({ isCached, isRevalidated, isStale }: Pick<HttpAnswer, "isCached" | "isRevalidated" | "isStale">) =>
  isCached ? "hits" : isStale ? "stale" : isRevalidated ? "revalidated" : "misses";

/** The first interceptor is the lowest. Type "shared": one store for all clients, with the rules that this brings. */
const withCache = (agent: Agent, timeoutMs: number, store: ResponseStore): Dispatcher =>
  agent.compose(endInTime(timeoutMs), freshen(store), interceptors.cache({ store, methods: ["GET"], type: "shared" }));
