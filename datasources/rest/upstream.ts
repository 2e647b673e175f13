import PQueue from "p-queue";
import { Agent, cacheStores, type Dispatcher, interceptors, request } from "undici";
import type { z } from "zod";
import type { RequestScope } from "../../gateway/request-scope.ts";
import { readText } from "./body.ts";
import { checkedBody } from "./checked-body.ts";
import { assertSuccess, tooSlow, upstreamError } from "./errors.ts";
import { markNetwork, networkMark, withNetworkMark } from "./network-mark.ts";

export interface UpstreamOptions {
  /** The name in the call log and in errors. */
  readonly name: string;
  /** `http://127.0.0.1:4101`; paths are appended to it. */
  readonly baseUrl: string;
  /** One call's own deadline in milliseconds, below the request's. Default 5000. */
  readonly timeoutMs?: number;
  /** Calls under way at once; more wait in a queue that an abort empties. Default 16. */
  readonly maxConcurrency?: number;
  /** Largest body in bytes; none is asked for in compressed form. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Size of the HTTP cache (RFC 9111) in bytes; 0 for none. Default 16 MiB. */
  readonly cacheBytes?: number;
}

/** One read of a service. */
export interface UpstreamRead<Schema extends z.ZodType> {
  /** The name in the call log. */
  readonly call: string;
  /** The number of distinct keys that the read asks for. */
  readonly keys: number;
  readonly path: `/${string}`;
  readonly query?: URLSearchParams;
  /** What a body must look like. */
  readonly body: Schema;
  /** How many rows a body has. Default: an array's length, else 1. */
  readonly rows?: (body: z.infer<Schema>) => number;
}

export interface UpstreamAnswer<Body> {
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type UpstreamScope = Pick<RequestScope, "calls" | "signal" | "log">;

/** A REST service: every call of it has a deadline, stops with its request, is bounded, checked and logged. */
export interface Upstream {
  readonly name: string;
  /**
   * One GET, one entry of the call log.
   * @throws DomainError `UPSTREAM_UNAVAILABLE`, `UPSTREAM_INVALID_RESPONSE` or `DEADLINE_EXCEEDED`, with the source
   */
  get<Schema extends z.ZodType>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
  ): Promise<UpstreamAnswer<z.infer<Schema>>>;
  close(): Promise<void>;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { name, timeoutMs = 5000, maxConcurrency = 16, maxBodyBytes = 8 * 1024 * 1024 } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const agent = new Agent({ connections: maxConcurrency, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const dispatcher = withCache(agent, options.cacheBytes ?? 16 * 1024 * 1024);
  // undici tells a queued or connecting call of an abort only when it gets a socket: calls queue here instead.
  const queue = new PQueue({ concurrency: maxConcurrency });

  // One request takes half of the places at most: whoever comes after a request with a hundred calls does not wait for all.
  const requests = new WeakMap<AbortSignal, PQueue>();
  const turnsOf = ({ signal }: UpstreamScope): PQueue => {
    const turns = requests.get(signal) ?? new PQueue({ concurrency: Math.max(1, Math.floor(maxConcurrency / 2)) });
    requests.set(signal, turns);
    return turns;
  };

  const fetchText = async (url: string, signal: AbortSignal) => {
    const mark = networkMark();
    const response = await request(url, withNetworkMark({ dispatcher, signal }, mark));
    const text = await readText(response.body, maxBodyBytes);
    return { status: response.statusCode, headers: response.headers, text, cached: !mark.used };
  };

  /** One round trip. Its own time starts now, not while it waits for its turn. */
  const call: Upstream["get"] = async (scope, read) => {
    const { path } = read;
    const url = read.query ? `${baseUrl}${path}?${read.query}` : `${baseUrl}${path}`;
    const entry = scope.calls.begin(name, read.call, read.keys);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([scope.signal, timeout]);
    try {
      const answer = await orAbort(fetchText(url, signal), signal);
      assertSuccess(name, path, answer.status);
      const body = checkedBody(name, read, answer.text, scope.log);
      entry.succeed(read.rows?.(body) ?? (Array.isArray(body) ? body.length : 1), { cached: answer.cached });
      return { body, headers: answer.headers };
    } catch (error) {
      entry.fail();
      if (timeout.aborted && !scope.signal.aborted) throw tooSlow(name, timeoutMs, error);
      throw error;
    }
  };

  return {
    name,
    async get(scope, read) {
      const turn = () => queue.add(() => call(scope, read), { signal: scope.signal });
      try {
        scope.signal.throwIfAborted();
        return await orAbort(turnsOf(scope).add(turn, { signal: scope.signal }), scope.signal);
      } catch (error) {
        throw upstreamError(error, { name, path: read.path, requestSignal: scope.signal });
      }
    },
    close: () => agent.destroy(),
  };
}

/** The promise, or the signal's reason as soon as it aborts: undici may take its time to notice. */
async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The cache sits above the mark, so that a call which it answers leaves the mark untouched. */
const withCache = (agent: Agent, cacheBytes: number): Dispatcher =>
  cacheBytes === 0
    ? agent.compose(markNetwork)
    : agent.compose(
        markNetwork,
        interceptors.cache({ store: new cacheStores.MemoryCacheStore({ maxSize: cacheBytes }), methods: ["GET"] }),
      );
