import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { OpenCall } from "../core/call-log.ts";
import { DomainError } from "../core/domain-error.ts";
import { CachedHttp, fromCache, type SharedResponse } from "./cached-http.ts";
import { type CheckedBody, checkBody } from "./checked-body.ts";
import { type CallDetails, callError, isTimeout, requestError, statusError } from "./errors.ts";
import { type OutgoingHeaders, outgoingHeaders } from "./headers.ts";
import { createHttp, type Http, type HttpCall } from "./http.ts";
import type { RowsOf } from "./row-list.ts";
import { Semaphore } from "./semaphore.ts";
import { SharedCalls } from "./shared-calls.ts";
import { checkedBaseUrl, type Target, targetOf, urlForLog } from "./target.ts";
import { type CheckedOptions, checkedOptions, type UpstreamOptions } from "./upstream-options.ts";
import type { Output, UpstreamAnswer, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

/** One read, ready to be sent. */
interface PreparedRead<Schema extends StandardSchemaV1> {
  readonly scope: UpstreamScope;
  readonly read: UpstreamRead<Schema>;
  readonly target: Target;
  /** The body of a POST. Undefined for a GET. */
  readonly json: string | undefined;
  /** The coalescing key: reads of equal key can share one response. */
  readonly key: string;
  /** For errors and the log. */
  readonly details: CallDetails;
}

/** The result of a read, and its number of rows for the call log. */
export interface ReadResult<Result> {
  readonly result: Result;
  readonly rows: number;
}

type ResultOf<Schema extends StandardSchemaV1, Result> = (
  prepared: PreparedRead<Schema>,
  response: SharedResponse,
) => ReadResult<Result> | Promise<ReadResult<Result>>;

/** State per client request. */
interface RequestState {
  readonly semaphore: Semaphore;
  /** The names of the calls whose failure has been logged. */
  readonly reported: Set<string>;
}

/** Makes the calls to one service: coalesces pending calls, limits their number, and caches their responses. */
export class UpstreamCalls {
  readonly name: string;
  readonly baseUrl: string;
  readonly http: Http;
  readonly cached: CachedHttp;
  readonly #options: CheckedOptions;
  readonly #headers: OutgoingHeaders;
  readonly #calls: SharedCalls<SharedResponse>;
  readonly #requests = new WeakMap<AbortSignal, RequestState>();

  constructor(options: UpstreamOptions) {
    this.#options = checkedOptions(options);
    this.name = options.name;
    this.baseUrl = checkedBaseUrl(options.baseUrl);
    this.#headers = outgoingHeaders(options);
    this.http = createHttp(this.#options);
    this.cached = new CachedHttp(this.http, this.#options);
    this.#calls = new SharedCalls(this.#options);
  }

  /**
   * Adds one entry to the call log. Makes one call, unless the cache has the response or an identical call is pending.
   */
  async make<Schema extends StandardSchemaV1, Result>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
    json: string | undefined,
    resultOf: ResultOf<Schema, Result>,
  ): Promise<Result> {
    const prepared = this.#prepare(scope, read, json);
    scope.calls.admit(this.name, read.call);
    const shown = scope.calls.onCallEnd && urlForLog(this, read, prepared.target);
    let entry: OpenCall | undefined;
    let isShared = true;
    const begin = (shared: boolean) => {
      entry ??= scope.calls.beginAdmitted(this.name, read.call, read.keys, shown);
      isShared &&= shared;
    };
    try {
      if (scope.calls.beforeCall !== undefined) await scope.calls.beforeCall();
      if (scope.signal.aborted) throw requestError(scope.signal.reason, prepared.details);
      const response = this.#hit(prepared, begin) ?? (await this.#responseOf(prepared, begin));
      const { origin, outcome } = await this.#resultOf(prepared, response, resultOf);
      entry?.succeed(outcome.rows, {
        cached: origin === "fresh",
        shared: isShared,
        revalidated: origin === "revalidated",
        stale: origin === "stale",
      });
      return outcome.result;
    } catch (error) {
      entry?.fail();
      throw error;
    }
  }

  /**
   * The validated body of a 200.
   * @throws DomainError for another status, and for an invalid body
   */
  readonly validated = async <Schema extends StandardSchemaV1>(
    prepared: PreparedRead<Schema>,
    response: SharedResponse,
  ): Promise<ReadResult<UpstreamAnswer<Output<Schema>>>> => {
    if (response.status !== 200) throw statusError(prepared.details, response.status);
    const { read } = prepared;
    const { value, invalid }: Pick<CheckedBody, "value" | "invalid"> =
      response.values.get(read.body) ?? (await this.#check(prepared, response));
    const body = value as Output<Schema>;
    return { result: { body, headers: response.headers, invalid }, rows: rowCount(read, body) };
  };

  #prepare<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
    json: string | undefined,
  ): PreparedRead<Schema> {
    const target = targetOf(this, read);
    const key = `${target.url}\n${this.#headers.identityOf(scope.headers)}`;
    const details = { source: this.name, call: read.call, path: target.path };
    return { scope, read, target, json, key, details };
  }

  #hit(
    { read, json, key }: PreparedRead<StandardSchemaV1>,
    begin: (isShared: boolean) => void,
  ): SharedResponse | undefined {
    if (json !== undefined || read.revalidate === true) return undefined;
    const stored = this.cached.hit(key);
    if (stored === undefined) return undefined;
    begin(false);
    return fromCache(stored, "fresh");
  }

  /** @throws DomainError for a passed deadline and a failure of the service; the abort reason of the request */
  async #responseOf(
    prepared: PreparedRead<StandardSchemaV1>,
    onStart: (isShared: boolean) => void,
  ): Promise<SharedResponse> {
    const { scope, read, json, key, details } = prepared;
    const { signal } = scope;
    const method = json === undefined ? (read.revalidate ? "GET revalidated" : "GET") : "POST";
    const subscriber = { signal, requestSemaphore: this.#stateOf(signal).semaphore, onStart };
    try {
      return await this.#calls.subscribe(`${method} ${key}\n${json ?? ""}`, subscriber, (callSignal) =>
        this.#send(prepared, callSignal),
      );
    } catch (error) {
      const failure = signal.aborted ? requestError(signal.reason, details) : callError(error, details, this.#options);
      const mayBeStale = json === undefined && (!signal.aborted || isTimeout(signal.reason));
      const stale = mayBeStale ? this.cached.staleIfError(key, failure) : undefined;
      if (stale === undefined) throw failure;
      return stale;
    }
  }

  async #send(
    { scope, read, target, json, key }: PreparedRead<StandardSchemaV1>,
    signal: AbortSignal,
  ): Promise<SharedResponse> {
    const own = this.#headers.for(scope.headers, scope.traceContext);
    const headers = read.revalidate ? { ...own, "cache-control": "no-cache" } : own;
    const call: HttpCall = { url: new URL(target.url), headers, ...(json !== undefined && { json }) };
    return json === undefined ? this.cached.get(key, call, signal) : this.cached.uncached(call, signal);
  }

  /** The result of a response, or of a stale one if its body is invalid and stale-if-error allows it. */
  async #resultOf<Schema extends StandardSchemaV1, Result>(
    prepared: PreparedRead<Schema>,
    response: SharedResponse,
    resultOf: ResultOf<Schema, Result>,
  ): Promise<{ readonly origin: SharedResponse["origin"]; readonly outcome: ReadResult<Result> }> {
    if (response.origin === "stale") this.#report(prepared, response.failure);
    try {
      return { origin: response.origin, outcome: await resultOf(prepared, response) };
    } catch (error) {
      const stale = this.cached.isUnconfirmed(response) ? this.cached.staleIfError(prepared.key, error) : undefined;
      if (stale === undefined) throw error;
      return this.#resultOf(prepared, stale, resultOf);
    }
  }

  /** Validates a body once per schema. An invalid body is not cached: it would fail every read while it is fresh. */
  async #check(prepared: PreparedRead<StandardSchemaV1>, response: SharedResponse): Promise<CheckedBody> {
    const { read, key } = prepared;
    const { body: schema } = read;
    const checks = read.rowsOf === undefined ? response.checks : response.rowChecks;
    const shared = checks.get(schema);
    const checking = shared ?? this.#checkBody(prepared, response);
    if (shared === undefined) checks.set(schema, checking);
    const checked = await checking.catch((error: unknown) => {
      this.#evict(key, response);
      throw error;
    });
    if (checked.invalid !== undefined) this.#evict(key, response);
    else this.cached.confirm(key, response, schema, checked);
    // Another reader has the value, and could change one that is not frozen.
    return shared !== undefined && checked.bytes === undefined ? this.#checkBody(prepared, response) : checked;
  }

  #checkBody({ scope, read, details }: PreparedRead<StandardSchemaV1>, { text }: SharedResponse): Promise<CheckedBody> {
    return checkBody(details, read.body, text, read.rowsOf as RowsOf | undefined, scope.log);
  }

  #evict(key: string, response: SharedResponse): void {
    if (response.origin !== "stale" && !this.cached.isUnconfirmed(response)) this.cached.delete(key);
  }

  /** Logs, once per request and call, a failure that clients do not see. */
  #report({ scope, details }: PreparedRead<StandardSchemaV1>, failure: unknown): void {
    const { reported } = this.#stateOf(scope.signal);
    if (reported.has(details.call)) return;
    reported.add(details.call);
    const { source, call, path } = details;
    const error = failure instanceof DomainError ? failure : callError(failure, details, this.#options);
    const status = error instanceof DomainError ? error.failedCall?.status : undefined;
    scope.log.warn({ source, call, path, status, err: error }, "a service failed: a stale response was served");
  }

  #stateOf(signal: AbortSignal): RequestState {
    const known = this.#requests.get(signal);
    if (known !== undefined) return known;
    const state = { semaphore: new Semaphore(this.#options.maxConcurrencyPerRequest), reported: new Set<string>() };
    this.#requests.set(signal, state);
    return state;
  }
}

function rowCount<Schema extends StandardSchemaV1>(read: UpstreamRead<Schema>, body: Output<Schema>): number {
  if (read.rows !== undefined) return read.rows(body);
  if (read.rowsOf !== undefined) return read.rowsOf(body).length;
  return Array.isArray(body) ? body.length : 1;
}
