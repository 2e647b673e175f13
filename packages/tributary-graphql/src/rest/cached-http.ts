import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type PolicyOptions, policyOf, type StoredPolicy } from "./cache-policy.ts";
import type { CheckedBody } from "./checked-body.ts";
import { FailureStatus } from "./errors.ts";
import type { Http, HttpCall, HttpResponse } from "./http.ts";
import { ResponseCache, type StoredResponse } from "./response-cache.ts";
import { isAbout, mergedHeaders } from "./revalidation.ts";
import type { AnswerHeaders } from "./upstream-read.ts";

export interface CacheOptions extends PolicyOptions {
  /** 0 for no cache. */
  readonly cacheBytes: number;
  /** Whether a stale answer may stand in for a 429 as it may for a 503. */
  readonly staleIfRateLimited: boolean;
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

/** The answer to a read, shared by all that wait for it. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
  /** Where the answer comes from: the service, the service that said that the stored one is right, or the cache alone. */
  readonly origin: "service" | "revalidated" | "fresh" | "stale";
  /** The failure of the service, where a stale response is served. */
  readonly failure?: unknown;
  /** The results of schemas for a stored body. */
  readonly values: StoredResponse["values"];
  /** How the body was held against schemas, by what was asked for. */
  readonly checks: Map<StandardSchemaV1, Promise<CheckedBody>>;
  readonly rowChecks: Map<StandardSchemaV1, Promise<CheckedBody>>;
}

/** GETs with a cache in front of them, as RFC 9111 has it for one that serves several clients. */
export class CachedHttp {
  readonly #http: Http;
  readonly #options: CacheOptions;
  readonly #cache: ResponseCache | undefined;
  /** The response to store when its body has been checked; undefined for none. */
  readonly #unstored = new WeakMap<Answer, StoredPolicy | undefined>();
  readonly #counts = { hits: 0, misses: 0, revalidated: 0, stale: 0 };

  constructor(http: Http, options: CacheOptions) {
    this.#http = http;
    this.#options = options;
    this.#cache = options.cacheBytes === 0 ? undefined : new ResponseCache(options.cacheBytes);
  }

  /** The stored response for this key, when it needs no call; counted as a hit. */
  hit(key: string): StoredResponse | undefined {
    const stored = this.#cache?.get(key);
    if (stored === undefined || stored.policy.freshUntil <= Date.now()) return undefined;
    this.#counts.hits++;
    return stored;
  }

  /** The stored response as an answer, where it may stand in for one that is not to be had; counted. */
  standIn(key: string, failure: unknown): Answer | undefined {
    const stored = this.#cache?.get(key);
    if (stored === undefined || stored.policy.standsInUntil <= Date.now()) return undefined;
    this.#counts.stale++;
    return { ...answerOf(stored, "stale"), failure };
  }

  /** @throws what `Http.send` throws, where no stored response may stand in */
  async get(key: string, call: HttpCall, signal: AbortSignal): Promise<Answer> {
    const stored = this.#cache?.get(key);
    let response: HttpResponse;
    try {
      response = await this.#http.send(stored ? conditional(call, stored) : call, signal);
      if (response.status === 304 && stored !== undefined) {
        if (isAbout(stored.headers, response.headers)) return this.#revalidated(key, call, stored, response);
        response = await this.#http.send(call, signal);
      }
    } catch (error) {
      const standIn = signal.aborted ? undefined : this.standIn(key, error);
      if (standIn === undefined) throw error;
      return standIn;
    }
    const standIn = this.#isFailure(response.status)
      ? this.standIn(key, new FailureStatus(response.status))
      : undefined;
    return standIn ?? this.#received(key, call, response);
  }

  /** A call whose answer is not for the cache. */
  async uncached(call: HttpCall, signal: AbortSignal): Promise<Answer> {
    return receivedAnswer(await this.#http.send(call, signal));
  }

  /**
   * The body of an answer is as declared: now it is stored, or takes the place of what was stored, and what the schema
   * has made of it is kept with it, unless a reader could change that.
   */
  confirm(key: string, answer: Answer, schema: StandardSchemaV1, { value, bytes }: CheckedBody): void {
    if (this.#unstored.has(answer)) this.#store(key, answer, this.#unstored.get(answer));
    this.#unstored.delete(answer);
    if (bytes !== undefined) this.#cache?.keepValue(key, answer.text, schema, { value, bytes });
  }

  /** Whether an answer came from the service and is not stored yet. */
  isUnconfirmed(answer: Answer): boolean {
    return this.#unstored.has(answer);
  }

  forget(key: string): void {
    this.#cache?.delete(key);
  }

  stats(): CacheStats {
    return { ...this.#counts, entries: this.#cache?.entries ?? 0, bytes: this.#cache?.bytes ?? 0 };
  }

  /** RFC 5861, 4. */
  #isFailure(status: number): boolean {
    return failureStatuses.has(status) || (status === 429 && this.#options.staleIfRateLimited);
  }

  #revalidated(key: string, call: HttpCall, stored: StoredResponse, { headers }: HttpResponse): Answer {
    this.#counts.revalidated++;
    const renewed = { ...stored, headers: mergedHeaders(stored.headers, headers) };
    const policy = policyOf(renewed, call.headers, this.#options);
    if (policy === undefined) this.#cache?.delete(key);
    else this.#cache?.set(key, { ...renewed, policy });
    return { ...answerOf({ ...renewed, policy: policy ?? stored.policy }, "revalidated"), headers: renewed.headers };
  }

  #received(key: string, call: HttpCall, response: HttpResponse): Answer {
    this.#counts.misses++;
    const answer = receivedAnswer(response);
    const { status } = response;
    const policy = this.#cache && policyOf(response, call.headers, this.#options);
    if (status === 200) this.#unstored.set(answer, policy);
    // That there is nothing any more is as good an answer as a new body.
    else if (status === 404 || status === 410) this.#store(key, answer, policy);
    return answer;
  }

  #store(key: string, { status, headers, text }: Answer, policy: StoredPolicy | undefined): void {
    if (policy === undefined) this.#cache?.delete(key);
    else this.#cache?.set(key, { status, headers, text, policy, values: new Map() });
  }
}

const receivedAnswer = (response: HttpResponse): Answer => ({
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

/** A stored response with its age now (RFC 9111, 5.1). */
export function answerOf(stored: StoredResponse, origin: "fresh" | "stale" | "revalidated"): Answer {
  const { status, headers, text, policy, values } = stored;
  const age = Math.max(0, Math.floor(policy.age + (Date.now() - policy.receivedAt) / 1000));
  const checks = { checks: new Map(), rowChecks: new Map() };
  return { status, headers: { ...headers, age: String(age) }, text, origin, values, ...checks };
}
