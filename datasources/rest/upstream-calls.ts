import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { OpenCall } from "../../gateway/telemetry/call-log.ts";
import { checkedBody } from "./checked-body.ts";
import { assertSuccess, tooSlow, upstreamError } from "./errors.ts";
import { Flight } from "./flight.ts";
import { type OutgoingHeaders, outgoingHeaders } from "./headers.ts";
import { createHttp, type Http, type HttpAnswer } from "./http.ts";
import { CallTimeoutError } from "./network.ts";
import { Places } from "./places.ts";
import { checkedBaseUrl, type Target, targetOf } from "./target.ts";
import type { UpstreamOptions } from "./upstream-options.ts";
import type { Output, UpstreamAnswer, UpstreamRead, UpstreamScope } from "./upstream-read.ts";

/** What a call brought, for everyone who waited for it; each schema is held against its body once. */
interface Landed extends HttpAnswer {
  readonly bodies: Map<StandardSchemaV1, Promise<unknown>>;
}

/** What is asked of the service, and how. */
interface Question {
  readonly target: Target;
  /** Makes it a POST. */
  readonly json: string | undefined;
  readonly revalidate: boolean;
}

/** A call's answer beside the read that it is for. */
export interface Answered<Schema extends StandardSchemaV1> {
  readonly scope: UpstreamScope;
  readonly read: UpstreamRead<Schema>;
  readonly target: Target;
  readonly answer: Landed;
}

/** What an answer means to its reader, and how many rows the call log shows for it. */
export interface Meaning<Result> {
  readonly result: Result;
  readonly rows: number;
}

/** The calls of one service: those under way, the places for them, and the way from a read to its answer. */
export class UpstreamCalls {
  readonly name: string;
  readonly baseUrl: string;
  readonly http: Http;
  readonly #timeoutMs: number;
  readonly #headers: OutgoingHeaders;
  readonly #flights = new Map<string, Flight<Landed>>();
  readonly #places: Places;
  readonly #turns = new WeakMap<AbortSignal, Places>();
  readonly #turnsPerRequest: number;

  constructor(options: UpstreamOptions) {
    const { timeoutMs = 5000, maxConcurrency = 16, maxBodyBytes = 8 * 1024 * 1024 } = options;
    const { cacheBytes = 16 * 1024 * 1024, staleIfErrorSeconds = 0 } = options;
    this.name = options.name;
    this.baseUrl = checkedBaseUrl(options.baseUrl);
    this.#timeoutMs = timeoutMs;
    this.#headers = outgoingHeaders(options);
    const identity = this.#headers.forwarded;
    this.http = createHttp({ timeoutMs, maxConcurrency, maxBodyBytes, cacheBytes, staleIfErrorSeconds, identity });
    this.#places = new Places(maxConcurrency);
    // Half of the places: whoever comes after a request with a hundred calls does not wait for all of them.
    this.#turnsPerRequest = Math.max(1, Math.floor(maxConcurrency / 2));
  }

  /** One entry of the call log, and one call unless an identical one is under way. */
  async make<Schema extends StandardSchemaV1, Result>(
    scope: UpstreamScope,
    read: UpstreamRead<Schema>,
    json: string | undefined,
    meaningOf: (answered: Answered<Schema>) => Meaning<Result> | Promise<Meaning<Result>>,
  ): Promise<Result> {
    const target = targetOf(this, read);
    scope.calls.admit(this.name, read.call);
    let entry: OpenCall | undefined;
    let isShared = false;
    const onDeparture = (shared: boolean) => {
      entry = scope.calls.begin(this.name, read.call, read.keys);
      isShared = shared;
    };
    try {
      const answer = await this.#land(scope, { target, json, revalidate: read.revalidate === true }, onDeparture);
      const { result, rows } = await meaningOf({ scope, read, target, answer });
      const { isCached: cached, isRevalidated: revalidated, isStale: stale } = answer;
      entry?.succeed(rows, { cached, shared: isShared, revalidated, stale });
      return result;
    } catch (error) {
      entry?.fail();
      throw error;
    }
  }

  /** The declared body. */
  readonly answerTo = async <Schema extends StandardSchemaV1>({
    scope,
    read,
    target,
    answer,
  }: Answered<Schema>): Promise<Meaning<UpstreamAnswer<Output<Schema>>>> => {
    assertSuccess(this.name, target.path, answer.status);
    const known = answer.bodies.get(read.body) as Promise<Output<Schema>> | undefined;
    const body = await (known ?? this.#check({ scope, read, target, answer }));
    const rows = read.rows?.(body) ?? (Array.isArray(body) ? body.length : 1);
    return { result: { body, headers: answer.headers }, rows };
  };

  /** An invalid body is not kept: it would fail every read for as long as its headers say. */
  async #check<Schema extends StandardSchemaV1>({ scope, read, target, answer }: Answered<Schema>) {
    const checked = checkedBody(this.name, { path: target.path, body: read.body }, answer.text, scope.log);
    answer.bodies.set(read.body, checked);
    try {
      return await checked;
    } catch (error) {
      this.http.forget({ url: target.url, headers: this.#headers.for(scope.headers) });
      throw error;
    }
  }

  /** @throws DomainError saying whose time was up or what the service did; the request's own reason when it is gone */
  async #land(scope: UpstreamScope, question: Question, onDeparture: (isShared: boolean) => void): Promise<Landed> {
    const { signal } = scope;
    try {
      if (scope.calls.turn !== undefined) await scope.calls.turn();
      signal.throwIfAborted();
      const flight = this.#flightOf(question, scope.headers);
      return await flight.wait({ signal, turns: this.#turnsOf(signal), onDeparture });
    } catch (error) {
      if (error instanceof CallTimeoutError && !signal.aborted) throw tooSlow(this.name, this.#timeoutMs, error);
      throw upstreamError(error, { name: this.name, path: question.target.path, requestSignal: signal });
    }
  }

  /** The one under way for the same call in the same name, or a new one. */
  #flightOf({ target: { url }, json, revalidate }: Question, client: Headers): Flight<Landed> {
    const method = json === undefined ? (revalidate ? "GET anew" : "GET") : "POST";
    const key = `${method} ${url}\n${this.#headers.identityOf(client)}\n${json ?? ""}`;
    const known = this.#flights.get(key);
    if (known !== undefined) return known;
    const headers = { ...this.#headers.for(client), ...(revalidate && { "cache-control": "no-cache" }) };
    const call = { url, headers, ...(json !== undefined && { json }) };
    const flight: Flight<Landed> = new Flight({
      places: this.#places,
      call: async (signal) => ({ ...(await this.http.send(call, signal)), bodies: new Map() }),
      onOver: () => this.#flights.delete(key),
    });
    this.#flights.set(key, flight);
    return flight;
  }

  #turnsOf(signal: AbortSignal): Places {
    const known = this.#turns.get(signal);
    if (known !== undefined) return known;
    const turns = new Places(this.#turnsPerRequest);
    this.#turns.set(signal, turns);
    return turns;
  }
}
