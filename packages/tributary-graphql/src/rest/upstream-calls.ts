import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { OpenCall } from "../core/call-log.ts";
import { DomainError } from "../core/domain-error.ts";
import { type Answer, answerOf, CachedHttp } from "./cached-http.ts";
import { type CheckedBody, checkBody } from "./checked-body.ts";
import { callError, type Failing, isTimeout, requestError, statusError } from "./errors.ts";
import { type OutgoingHeaders, outgoingHeaders } from "./headers.ts";
import { createHttp, type Http, type HttpCall } from "./http.ts";
import type { RowsOf } from "./row-list.ts";
import { Semaphore } from "./semaphore.ts";
import { SharedCalls } from "./shared-calls.ts";
import { checkedBaseUrl, shownUrl, type Target, targetOf } from "./target.ts";
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
  readonly failing: Failing;
}

/** The result that a reader makes of a response, and the number of rows for the call log. */
export interface ReadResult<Result> {
  readonly result: Result;
  readonly rows: number;
}

type ResultOf<Schema extends StandardSchemaV1, Result> = (
  prepared: PreparedRead<Schema>,
  answer: Answer,
) => ReadResult<Result> | Promise<ReadResult<Result>>;

/** State per request of a client. */
interface RequestState {
  readonly semaphore: Semaphore;
  /** Names of the calls whose failure was logged. */
  readonly reported: Set<string>;
}

/** The calls to one service: it coalesces pending ones, limits their number, and caches their responses. */
export class UpstreamCalls {
  readonly name: string;
  readonly baseUrl: string;
  readonly http: Http;
  readonly cached: CachedHttp;
  readonly #options: CheckedOptions;
  readonly #headers: OutgoingHeaders;
  readonly #calls: SharedCalls<Answer>;
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

  /** Adds one entry to the call log. Makes one call, unless the cache has the response or an identical call is pending. */
  async make<Schema extends StandardSchemaV1, Result>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
    json: string | undefined,
    resultOf: ResultOf<Schema, Result>,
  ): Promise<Result> {
    const prepared = this.#prepare(scope, read, json);
    scope.calls.admit(this.name, read.call);
    const shown = scope.calls.onCallEnd && shownUrl(this, read, prepared.target);
    let entry: OpenCall | undefined;
    let isShared = true;
    const begin = (shared: boolean) => {
      entry ??= scope.calls.beginAdmitted(this.name, read.call, read.keys, shown);
      isShared &&= shared;
    };
    try {
      if (scope.calls.beforeCall !== undefined) await scope.calls.beforeCall();
      if (scope.signal.aborted) throw requestError(scope.signal.reason, prepared.failing);
      const answer = this.#hit(prepared, begin) ?? (await this.#answerOf(prepared, begin));
      const { origin, outcome } = await this.#resultOf(prepared, answer, resultOf);
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

  /** The declared body. */
  readonly answerTo = async <Schema extends StandardSchemaV1>(
    prepared: PreparedRead<Schema>,
    answer: Answer,
  ): Promise<ReadResult<UpstreamAnswer<Output<Schema>>>> => {
    if (answer.status !== 200) throw statusError(prepared.failing, answer.status);
    const { read } = prepared;
    const { value, invalid }: Pick<CheckedBody, "value" | "invalid"> =
      answer.values.get(read.body) ?? (await this.#check(prepared, answer));
    const body = value as Output<Schema>;
    return { result: { body, headers: answer.headers, invalid }, rows: rowCount(read, body) };
  };

  #prepare<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
    json: string | undefined,
  ): PreparedRead<Schema> {
    const target = targetOf(this, read);
    const key = `${target.url}\n${this.#headers.identityOf(scope.headers)}`;
    const failing = { source: this.name, call: read.call, path: target.path };
    return { scope, read, target, json, key, failing };
  }

  #hit({ read, json, key }: PreparedRead<StandardSchemaV1>, begin: (isShared: boolean) => void): Answer | undefined {
    if (json !== undefined || read.revalidate === true) return undefined;
    const stored = this.cached.hit(key);
    if (stored === undefined) return undefined;
    begin(false);
    return answerOf(stored, "fresh");
  }

  /** @throws DomainError that says whose deadline passed or how the service failed; the request's own abort reason */
  async #answerOf(prepared: PreparedRead<StandardSchemaV1>, onStart: (isShared: boolean) => void): Promise<Answer> {
    const { scope, read, json, key, failing } = prepared;
    const { signal } = scope;
    const method = json === undefined ? (read.revalidate ? "GET anew" : "GET") : "POST";
    const subscriber = { signal, requestSemaphore: this.#stateOf(signal).semaphore, onStart };
    try {
      return await this.#calls.subscribe(`${method} ${key}\n${json ?? ""}`, subscriber, (callSignal) =>
        this.#send(prepared, callSignal),
      );
    } catch (error) {
      const failure = signal.aborted ? requestError(signal.reason, failing) : callError(error, failing, this.#options);
      const mayStandIn = json === undefined && (!signal.aborted || isTimeout(signal.reason));
      const standIn = mayStandIn ? this.cached.standIn(key, failure) : undefined;
      if (standIn === undefined) throw failure;
      return standIn;
    }
  }

  async #send(
    { scope, read, target, json, key }: PreparedRead<StandardSchemaV1>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const own = this.#headers.for(scope.headers);
    const headers = read.revalidate ? { ...own, "cache-control": "no-cache" } : own;
    const call: HttpCall = { url: new URL(target.url), headers, ...(json !== undefined && { json }) };
    return json === undefined ? this.cached.get(key, call, signal) : this.cached.uncached(call, signal);
  }

  /** The result of a response. Where its body is not as declared, that of a stale response that may replace it. */
  async #resultOf<Schema extends StandardSchemaV1, Result>(
    prepared: PreparedRead<Schema>,
    answer: Answer,
    resultOf: ResultOf<Schema, Result>,
  ): Promise<{ readonly origin: Answer["origin"]; readonly outcome: ReadResult<Result> }> {
    if (answer.origin === "stale") this.#report(prepared, answer.failure);
    try {
      return { origin: answer.origin, outcome: await resultOf(prepared, answer) };
    } catch (error) {
      const standIn = this.cached.isUnconfirmed(answer) ? this.cached.standIn(prepared.key, error) : undefined;
      if (standIn === undefined) throw error;
      return this.#resultOf(prepared, standIn, resultOf);
    }
  }

  /** An invalid body is not kept: it would fail every read for as long as its headers say. */
  async #check(prepared: PreparedRead<StandardSchemaV1>, answer: Answer): Promise<CheckedBody> {
    const { read, key } = prepared;
    const { body: schema } = read;
    const checks = read.rowsOf === undefined ? answer.checks : answer.rowChecks;
    const others = checks.get(schema);
    const checking = others ?? this.#checkBody(prepared, answer);
    if (others === undefined) checks.set(schema, checking);
    const checked = await checking.catch((error: unknown) => {
      this.#forget(key, answer);
      throw error;
    });
    if (checked.invalid !== undefined) this.#forget(key, answer);
    else this.cached.confirm(key, answer, schema, checked);
    // Another reader has the value, and could change it.
    return others !== undefined && checked.bytes === undefined ? this.#checkBody(prepared, answer) : checked;
  }

  #checkBody({ scope, read, failing }: PreparedRead<StandardSchemaV1>, { text }: Answer): Promise<CheckedBody> {
    return checkBody(failing, read.body, text, read.rowsOf as RowsOf | undefined, scope.log);
  }

  #forget(key: string, answer: Answer): void {
    if (answer.origin !== "stale" && !this.cached.isUnconfirmed(answer)) this.cached.forget(key);
  }

  /** Logs, once per request and call, that a service fails although clients do not notice. */
  #report({ scope, failing }: PreparedRead<StandardSchemaV1>, failure: unknown): void {
    const { reported } = this.#stateOf(scope.signal);
    if (reported.has(failing.call)) return;
    reported.add(failing.call);
    const { source, call, path } = failing;
    const error = failure instanceof DomainError ? failure : callError(failure, failing, this.#options);
    const status = error instanceof DomainError ? error.failedCall?.status : undefined;
    scope.log.warn({ source, call, path, status, err: error }, "a service failed, and a stale answer stands in");
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
