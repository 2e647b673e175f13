import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type PolicyOptions, policyOf, type StoredPolicy } from "./cache-policy.ts";
import type { CheckedBody } from "./checked-body.ts";
import { FailureStatus } from "./errors.ts";
import type { Http, HttpCall, HttpResponse } from "./http.ts";
import { ResponseCache, type StoredResponse } from "./response-cache.ts";
import { freshenedHeaders, isSameRepresentation } from "./revalidation.ts";
import type { ResponseHeaders } from "./upstream-read.ts";

export interface CacheOptions extends PolicyOptions {
  /** 0 for no cache. */
  readonly cacheBytes: number;
  /** Whether a stale response may be served for a 429, as for a 503. */
  readonly staleIfRateLimited: boolean;
}

/** How many GETs each source of responses has served since the start, and the current size of the HTTP cache. */
export interface CacheStats {
  /** Fresh responses from the cache, without a call. */
  readonly hits: number;
  /** Responses of the service. */
  readonly misses: number;
  /** Responses from the cache that the service confirmed with a 304. */
  readonly revalidated: number;
  /** Stale responses from the cache, served because the service failed. */
  readonly stale: number;
  readonly entries: number;
  readonly bytes: number;
}

/** A response to a read, shared by all subscribers of its call. */
export interface SharedResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
  /** The service, or the cache: after a 304, while fresh, or stale because the service failed. */
  readonly origin: "service" | "revalidated" | "fresh" | "stale";
  /** The failure of the service, if the response is stale. */
  readonly failure?: unknown;
  /** The cached results of schemas for the body. */
  readonly values: StoredResponse["values"];
  /** The pending and finished validations of the body, by schema: of whole bodies, and row by row. */
  readonly checks: Map<StandardSchemaV1, Promise<CheckedBody>>;
  readonly rowChecks: Map<StandardSchemaV1, Promise<CheckedBody>>;
}

/** An HTTP client with a shared cache (RFC 9111) for its GETs. */
export class CachedHttp {
  readonly #http: Http;
  readonly #options: CacheOptions;
  readonly #cache: ResponseCache | undefined;
  /**
   * Responses whose body has not been validated, with the policy to store them with; undefined for one not to be
   * stored.
   */
  readonly #unconfirmed = new WeakMap<SharedResponse, StoredPolicy | undefined>();
  readonly #counts = { hits: 0, misses: 0, revalidated: 0, stale: 0 };

  constructor(http: Http, options: CacheOptions) {
    this.#http = http;
    this.#options = options;
    this.#cache = options.cacheBytes === 0 ? undefined : new ResponseCache(options.cacheBytes);
  }

  /** The stored response for this key if it is fresh. Counts a hit. */
  hit(key: string): StoredResponse | undefined {
    const stored = this.#cache?.get(key);
    if (stored === undefined || stored.policy.freshUntil <= Date.now()) return undefined;
    this.#counts.hits++;
    return stored;
  }

  /** The stored response for this key if stale-if-error allows it (RFC 5861). Counts it as stale. */
  staleIfError(key: string, failure: unknown): SharedResponse | undefined {
    const stored = this.#cache?.get(key);
    if (stored === undefined || stored.policy.staleIfErrorUntil <= Date.now()) return undefined;
    this.#counts.stale++;
    return { ...fromCache(stored, "stale"), failure };
  }

  /** @throws the errors of `Http.send`, unless a stale response can be served */
  async get(key: string, call: HttpCall, signal: AbortSignal): Promise<SharedResponse> {
    const stored = this.#cache?.get(key);
    let response: HttpResponse;
    try {
      response = await this.#http.send(stored ? conditional(call, stored) : call, signal);
      if (response.status === 304 && stored !== undefined) {
        if (isSameRepresentation(stored.headers, response.headers)) {
          return this.#revalidated(key, call, stored, response);
        }
        response = await this.#http.send(call, signal);
      }
    } catch (error) {
      const stale = signal.aborted ? undefined : this.staleIfError(key, error);
      if (stale === undefined) throw error;
      return stale;
    }
    const stale = this.#isFailure(response.status)
      ? this.staleIfError(key, new FailureStatus(response.status))
      : undefined;
    return stale ?? this.#received(key, call, response);
  }

  /** A call that bypasses the cache. */
  async uncached(call: HttpCall, signal: AbortSignal): Promise<SharedResponse> {
    return fromService(await this.#http.send(call, signal));
  }

  /**
   * Stores, or deletes, a response whose body has passed its schema. A frozen result of the schema is stored with it.
   */
  confirm(key: string, response: SharedResponse, schema: StandardSchemaV1, { value, bytes }: CheckedBody): void {
    if (this.#unconfirmed.has(response)) this.#store(key, response, this.#unconfirmed.get(response));
    this.#unconfirmed.delete(response);
    if (bytes !== undefined) this.#cache?.setValue(key, response.text, schema, { value, bytes });
  }

  /** Whether a response came from the service and its body has not been validated. */
  isUnconfirmed(response: SharedResponse): boolean {
    return this.#unconfirmed.has(response);
  }

  delete(key: string): void {
    this.#cache?.delete(key);
  }

  stats(): CacheStats {
    return { ...this.#counts, entries: this.#cache?.entries ?? 0, bytes: this.#cache?.bytes ?? 0 };
  }

  /** An error in the sense of `stale-if-error` (RFC 5861, 4). */
  #isFailure(status: number): boolean {
    return failureStatuses.has(status) || (status === 429 && this.#options.staleIfRateLimited);
  }

  #revalidated(key: string, call: HttpCall, stored: StoredResponse, { headers }: HttpResponse): SharedResponse {
    this.#counts.revalidated++;
    const freshened = { ...stored, headers: freshenedHeaders(stored.headers, headers) };
    const policy = policyOf(freshened, call.headers, this.#options);
    if (policy === undefined) this.#cache?.delete(key);
    else this.#cache?.set(key, { ...freshened, policy });
    return {
      ...fromCache({ ...freshened, policy: policy ?? stored.policy }, "revalidated"),
      headers: freshened.headers,
    };
  }

  #received(key: string, call: HttpCall, response: HttpResponse): SharedResponse {
    this.#counts.misses++;
    const received = fromService(response);
    const { status } = response;
    const policy = this.#cache && policyOf(response, call.headers, this.#options);
    if (status === 200) this.#unconfirmed.set(received, policy);
    // A 404 and a 410 have no body to validate, and replace a stored one.
    else if (status === 404 || status === 410) this.#store(key, received, policy);
    return received;
  }

  #store(key: string, { status, headers, text }: SharedResponse, policy: StoredPolicy | undefined): void {
    if (policy === undefined) this.#cache?.delete(key);
    else this.#cache?.set(key, { status, headers, text, policy, values: new Map() });
  }
}

const fromService = (response: HttpResponse): SharedResponse => ({
  ...response,
  origin: "service",
  values: new Map(),
  checks: new Map(),
  rowChecks: new Map(),
});

const failureStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

const conditional = (call: HttpCall, { policy }: StoredResponse): HttpCall => ({
  ...call,
  headers: { ...call.headers, ...policy.validators },
});

/** A stored response with its current age (RFC 9111, 5.1). */
export function fromCache(stored: StoredResponse, origin: "fresh" | "stale" | "revalidated"): SharedResponse {
  const { status, headers, text, policy, values } = stored;
  const age = Math.max(0, Math.floor(policy.age + (Date.now() - policy.receivedAt) / 1000));
  const checks = { checks: new Map(), rowChecks: new Map() };
  return { status, headers: { ...headers, age: String(age) }, text, origin, values, ...checks };
}
