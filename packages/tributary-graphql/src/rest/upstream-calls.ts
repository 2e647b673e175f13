import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { OpenCall } from "../core/call-log.ts";
import { DomainError } from "../core/domain-error.ts";
import { type Answer, answerOf, CachedHttp } from "./cached-http.ts";
import { type CheckedBody, checkBody } from "./checked-body.ts";
import { callError, type Failing, isTimeout, requestError, statusError } from "./errors.ts";
import { type OutgoingHeaders, outgoingHeaders } from "./headers.ts";
import { createHttp, type Http, type HttpCall } from "./http.ts";
import { Places } from "./places.ts";
import type { RowsOf } from "./row-list.ts";
import { SharedCalls } from "./shared-calls.ts";
import { checkedBaseUrl, shownUrl, type Target, targetOf } from "./target.ts";
import { type CheckedOptions, checkedOptions, type UpstreamOptions } from "./upstream-options.ts";
import type { Output, UpstreamAnswer, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

/** One read, and where it goes. */
interface Question<Schema extends StandardSchemaV1> {
  readonly scope: UpstreamScope;
  readonly read: UpstreamRead<Schema>;
  readonly target: Target;
  /** Makes it a POST. */
  readonly json: string | undefined;
  /** Equal for two reads that can have one answer. */
  readonly key: string;
  readonly failing: Failing;
}

/** What an answer means to its reader, and how many rows the call log shows for it. */
export interface Meaning<Result> {
  readonly result: Result;
  readonly rows: number;
}

type MeaningOf<Schema extends StandardSchemaV1, Result> = (
  question: Question<Schema>,
  answer: Answer,
) => Meaning<Result> | Promise<Meaning<Result>>;

/** What is known of a request for as long as it lasts. */
interface RequestState {
  readonly turns: Places;
  /** The calls that failed and are in the log. */
  readonly reported: Set<string>;
}

/** The calls of one service: those under way, the places for them, the cache, and the way from a read to its answer. */
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

  /** One entry of the call log, and one call unless the cache has the answer or an identical one is under way. */
  async make<Schema extends StandardSchemaV1, Result>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
    json: string | undefined,
    meaningOf: MeaningOf<Schema, Result>,
  ): Promise<Result> {
    const question = this.#questionOf(scope, read, json);
    scope.calls.admit(this.name, read.call);
    const shown = scope.calls.onCallEnd && shownUrl(this, read, question.target);
    let entry: OpenCall | undefined;
    let isShared = true;
    const begin = (shared: boolean) => {
      entry ??= scope.calls.beginAdmitted(this.name, read.call, read.keys, shown);
      isShared &&= shared;
    };
    try {
      if (scope.calls.turn !== undefined) await scope.calls.turn();
      if (scope.signal.aborted) throw requestError(scope.signal.reason, question.failing);
      const answer = this.#hit(question, begin) ?? (await this.#answerOf(question, begin));
      const { origin, meaning } = await this.#meaningOf(question, answer, meaningOf);
      entry?.succeed(meaning.rows, {
        cached: origin === "fresh",
        shared: isShared,
        revalidated: origin === "revalidated",
        stale: origin === "stale",
      });
      return meaning.result;
    } catch (error) {
      entry?.fail();
      throw error;
    }
  }

  /** The declared body. */
  readonly answerTo = async <Schema extends StandardSchemaV1>(
    question: Question<Schema>,
    answer: Answer,
  ): Promise<Meaning<UpstreamAnswer<Output<Schema>>>> => {
    if (answer.status !== 200) throw statusError(question.failing, answer.status);
    const { read } = question;
    const { value, invalid }: Pick<CheckedBody, "value" | "invalid"> =
      answer.values.get(read.body) ?? (await this.#check(question, answer));
    const body = value as Output<Schema>;
    return { result: { body, headers: answer.headers, invalid }, rows: rowCount(read, body) };
  };

  #questionOf<Schema extends StandardSchemaV1>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
    json: string | undefined,
  ): Question<Schema> {
    const target = targetOf(this, read);
    const key = `${target.url}\n${this.#headers.identityOf(scope.headers)}`;
    const failing = { source: this.name, call: read.call, path: target.path };
    return { scope, read, target, json, key, failing };
  }

  #hit({ read, json, key }: Question<StandardSchemaV1>, begin: (isShared: boolean) => void): Answer | undefined {
    if (json !== undefined || read.revalidate === true) return undefined;
    const stored = this.cached.hit(key);
    if (stored === undefined) return undefined;
    begin(false);
    return answerOf(stored, "fresh");
  }

  /** @throws DomainError saying whose time was up or what the service did; the request's own reason when it is gone */
  async #answerOf(question: Question<StandardSchemaV1>, onDeparture: (isShared: boolean) => void): Promise<Answer> {
    const { scope, read, json, key, failing } = question;
    const { signal } = scope;
    const method = json === undefined ? (read.revalidate ? "GET anew" : "GET") : "POST";
    const waiter = { signal, turns: this.#stateOf(signal).turns, onDeparture };
    try {
      return await this.#calls.join(`${method} ${key}\n${json ?? ""}`, waiter, (callSignal) =>
        this.#send(question, callSignal),
      );
    } catch (error) {
      const failure = signal.aborted ? requestError(signal.reason, failing) : callError(error, failing, this.#options);
      const mayStandIn = json === undefined && (!signal.aborted || isTimeout(signal.reason));
      const standIn = mayStandIn ? this.cached.standIn(key, failure) : undefined;
      if (standIn === undefined) throw failure;
      return standIn;
    }
  }

  async #send({ scope, read, target, json, key }: Question<StandardSchemaV1>, signal: AbortSignal): Promise<Answer> {
    const own = this.#headers.for(scope.headers);
    const headers = read.revalidate ? { ...own, "cache-control": "no-cache" } : own;
    const call: HttpCall = { url: new URL(target.url), headers, ...(json !== undefined && { json }) };
    return json === undefined ? this.cached.get(key, call, signal) : this.cached.uncached(call, signal);
  }

  /** What an answer means; where its body is not as declared, what a stale one that may stand in for it means. */
  async #meaningOf<Schema extends StandardSchemaV1, Result>(
    question: Question<Schema>,
    answer: Answer,
    meaningOf: MeaningOf<Schema, Result>,
  ): Promise<{ readonly origin: Answer["origin"]; readonly meaning: Meaning<Result> }> {
    if (answer.origin === "stale") this.#report(question, answer.failure);
    try {
      return { origin: answer.origin, meaning: await meaningOf(question, answer) };
    } catch (error) {
      const standIn = this.cached.isUnconfirmed(answer) ? this.cached.standIn(question.key, error) : undefined;
      if (standIn === undefined) throw error;
      return this.#meaningOf(question, standIn, meaningOf);
    }
  }

  /** An invalid body is not kept: it would fail every read for as long as its headers say. */
  async #check(question: Question<StandardSchemaV1>, answer: Answer): Promise<CheckedBody> {
    const { read, key } = question;
    const { body: schema } = read;
    const checks = read.rowsOf === undefined ? answer.checks : answer.rowChecks;
    const others = checks.get(schema);
    const checking = others ?? this.#checkBody(question, answer);
    if (others === undefined) checks.set(schema, checking);
    const checked = await checking.catch((error: unknown) => {
      this.#forget(key, answer);
      throw error;
    });
    if (checked.invalid !== undefined) this.#forget(key, answer);
    else this.cached.confirm(key, answer, schema, checked);
    // Another reader has the value, and could change it.
    return others !== undefined && checked.bytes === undefined ? this.#checkBody(question, answer) : checked;
  }

  #checkBody({ scope, read, failing }: Question<StandardSchemaV1>, { text }: Answer): Promise<CheckedBody> {
    return checkBody(failing, read.body, text, read.rowsOf as RowsOf | undefined, scope.log);
  }

  #forget(key: string, answer: Answer): void {
    if (answer.origin !== "stale" && !this.cached.isUnconfirmed(answer)) this.cached.forget(key);
  }

  /** Tells the operator, once a request and call, of a service that fails although clients do not notice. */
  #report({ scope, failing }: Question<StandardSchemaV1>, failure: unknown): void {
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
    const state = { turns: new Places(this.#options.maxConcurrencyPerRequest), reported: new Set<string>() };
    this.#requests.set(signal, state);
    return state;
  }
}

function rowCount<Schema extends StandardSchemaV1>(read: UpstreamRead<Schema>, body: Output<Schema>): number {
  if (read.rows !== undefined) return read.rows(body);
  if (read.rowsOf !== undefined) return read.rowsOf(body).length;
  return Array.isArray(body) ? body.length : 1;
}
