import { GraphQLError } from "graphql";
import { deadlineError, toGraphQLError } from "../execution/execution-errors.ts";
import { negotiate, servedMediaTypes } from "../http/accept.ts";
import { isPreflight, originRefused, preflightResponse } from "../http/cors.ts";
import { finishResponse } from "../http/finish-response.ts";
import { notReady } from "../http/lifecycle.ts";
import { originHeadersOf } from "../http/origin-policy.ts";
import { readBytes, readMembers } from "../http/read-request.ts";
import { respond } from "../http/respond.ts";
import { variesBy } from "../http/vary.ts";
import { checkedParams, isRecord } from "../pipeline/operation-params.ts";
import { lateBody, type Pipeline } from "../pipeline/pipeline.ts";
import { clientGone } from "../request/abort-reasons.ts";
import type { DeclaredHeaders } from "../request/declared-headers.ts";
import { clientGoneStatus, type GraphQLRequest } from "../request/graphql-request.ts";
import { backstopMs } from "../request/request-lifetime.ts";
import { inOnePiece, requestIdOf, startRequest } from "../request/start-request.ts";
import { pageFault } from "../security/page-fault.ts";
import { refusal } from "../security/refusal.ts";
import type { GatewayServices } from "../services.ts";
import { type Answer, isStream, type Payload } from "../streaming/payload.ts";
import { maskErrors, publish } from "../streaming/publish.ts";
import { operationRequest } from "../subscriptions/socket-client.ts";
import { clientInfoOf } from "../telemetry/client-info.ts";
import { withinLifetime } from "./within-lifetime.ts";
import type { YogaExchange, YogaHost } from "./yoga-host.ts";

/**
 * The path of a `Request` to `/graphql` through Yoga: of every one where plugins have HTTP hooks, and otherwise of those that
 * the fast path leaves. Yoga calls the hooks, and refuses methods; the pipeline does the rest.
 */
export class YogaPath {
  readonly #services: GatewayServices;
  readonly #pipeline: Pipeline;
  readonly #host: YogaHost;

  constructor(services: GatewayServices, pipeline: Pipeline, host: YogaHost) {
    this.#services = services;
    this.#pipeline = pipeline;
    this.#host = host;
  }

  /** Answers any request of a client at this address. */
  async handle(httpRequest: Request, clientAddress?: string): Promise<Response> {
    const { lifecycle, origins, declared } = this.#services;
    const { headers } = httpRequest;
    const preflight = isPreflight(httpRequest) ? preflightResponse(httpRequest, origins) : undefined;
    if (preflight) {
      preflight.headers.append("vary", variesBy);
      return preflight;
    }
    const accepted = negotiate(headers.get("accept"));
    const visible = this.#host.stepsOf === undefined ? httpRequest : withDeclaredHeaders(httpRequest, declared);
    const request = startRequest(
      {
        id: requestIdOf(headers.get("x-request-id")),
        transport: "http",
        client: { headers, toRequest: () => visible },
        accepted: accepted ?? inOnePiece,
        callsHeader: headers.get("x-tributary-calls"),
        costHeader: headers.get("x-tributary-cost"),
        gone: httpRequest.signal,
        clientAddress,
        clientInfo: clientInfoOf((name) => headers.get(name)),
      },
      this.#services,
    );
    const isRefused = isPreflight(httpRequest) && origins.accessOf(originHeadersOf(headers)) === "refused";
    const fault = isRefused
      ? originRefused()
      : (notReady(lifecycle) ??
        pageFault({ method: httpRequest.method, header: (name) => headers.get(name) }, origins) ??
        (accepted ? undefined : notAcceptable()));
    return finishResponse(await this.#respond(visible, request, fault), request, origins);
  }

  /** Yoga rejects when the client has left. */
  async #respond(httpRequest: Request, request: GraphQLRequest, fault: GraphQLError | undefined): Promise<Response> {
    let published: Response | undefined;
    const publishAnswer = (answer: Answer): Response => {
      published = respond(answer, request, this.#services.heartbeatMs);
      return published;
    };
    if (fault && this.#host.httpHooks.length === 0) return publishAnswer({ errors: [fault] });
    try {
      const read = await this.#withBody(httpRequest, request, fault);
      const answering = this.#host.fetch(read, this.#exchange(request, fault, publishAnswer));
      const response = await withinLifetime(answering, request, cancelBody, hooksGraceMs);
      if (response === undefined) {
        if (request.lifetime.ending === "client-gone") throw clientGone();
        // The answer was there, and a hook has held it back.
        if (published) return published;
        return publishAnswer({ data: null, errors: [deadlineError()] });
      }
      if (!request.report.isStream || isReplaced(published, response)) request.end(response.status);
      return response;
    } catch (error) {
      if (request.lifetime.ending !== "client-gone") return publishAnswer({ errors: [toGraphQLError(error)] });
      request.end(clientGoneStatus);
      throw error;
    }
  }

  /**
   * The request with its body read, where a plugin may read it by a parser of its own: so the limits hold for that too.
   *
   * @throws GraphQLError a refusal
   */
  async #withBody(httpRequest: Request, request: GraphQLRequest, fault: GraphQLError | undefined): Promise<Request> {
    if (fault || httpRequest.body === null || !this.#host.httpHooks.includes("onRequestParse")) return httpRequest;
    const bytes = await untilLate(readBytes(httpRequest, this.#services.limits.bodyBytes), request);
    const { url, method, headers, signal } = httpRequest;
    return new Request(url, { method, headers, signal, body: bytes });
  }

  /** Sends an operation of a WebSocket through the HTTP hooks of plugins, as a `Request`. */
  async answerOnSocket(payload: object, request: GraphQLRequest, fault: GraphQLError | undefined): Promise<Answer> {
    let answered: Answer | undefined;
    const keep = (answer: Answer): Response => {
      answered = answer;
      return new Response();
    };
    try {
      const { lifetime, client, declared } = request;
      const httpRequest = operationRequest(declared.headersForPlugins(client.headers), payload, lifetime.clientSignal);
      const answering = this.#host.fetch(httpRequest, this.#exchange(request, fault, keep));
      const response = await withinLifetime(answering, request, cancelBody, hooksGraceMs);
      if (response === undefined) return answered ?? { data: null, errors: [deadlineError()] };
      // A plugin may have put another response in place of the empty one.
      const isKept = response.status === 200 && response.body === null;
      return answered !== undefined && isKept ? answered : await answerOfResponse(response);
    } catch (error) {
      return { errors: [toGraphQLError(error)] };
    }
  }

  /**
   * The pipeline's part in a request.
   *
   * @param fault refuses the request, after the hooks that come before it is read
   */
  #exchange(
    request: GraphQLRequest,
    fault: GraphQLError | undefined,
    publishAnswer: (answer: Answer) => Response,
  ): YogaExchange {
    return {
      request,
      receive: async (httpRequest) => {
        const limited = fault ?? request.charge?.refusal();
        if (limited) throw limited;
        const reading = readMembers(httpRequest, this.#services.limits.bodyBytes);
        const members = await untilLate(reading, request);
        const { operationName, variables, extensions, documentId, id } = members;
        // A plugin for persisted operations would refuse an id that it does not know.
        const query = members.query || (this.#services.trustedDocuments?.knownTextOf(members) ?? members.query);
        return { query, operationName, variables, extensions, documentId, id } as object;
      },
      check: (params) => checkedParams({ ...params }, this.#services.trustedDocuments),
      // A plugin may have replaced `receive`.
      answer: (params, method) => (fault ? { errors: [fault] } : this.#pipeline.answer(params, request, method)),
      publish: publishAnswer,
      mask: (answer) => (isStream(answer) ? maskedPayloads(answer, request) : publish(answer, request)),
    };
  }
}

/** The request as plugins may see it. */
function withDeclaredHeaders(httpRequest: Request, declared: DeclaredHeaders): Request {
  const { url, method, headers, signal, body } = httpRequest;
  const init: RequestInit & { duplex: "half" } = {
    method,
    headers: declared.headersForPlugins(headers),
    signal,
    body,
    duplex: "half",
  };
  return new Request(url, init);
}

/** After the answer that a hook around the execution got when the request was over. */
const hooksGraceMs = 2 * backstopMs;

const cancelBody = ({ body }: Response): void => {
  if (body && !body.locked) void body.cancel().catch(() => undefined);
};

/** Whether a hook put another response in place of the published one, whose stream nobody reads then. */
function isReplaced(published: Response | undefined, { body }: Response): boolean {
  return published?.body != null && !published.body.locked && published.body !== body;
}

/** @throws GraphQLError a refusal, when the body has not arrived at the deadline */
async function untilLate<Value>(reading: Promise<Value>, { lifetime }: GraphQLRequest): Promise<Value> {
  const late = Promise.withResolvers<never>();
  lifetime.onLate(() => late.reject(lateBody()));
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    lifetime.onLate(() => undefined);
  }
}

/** For a plugin that writes a stream itself. Ends the request. */
async function* maskedPayloads(
  payloads: AsyncIterable<Payload>,
  request: GraphQLRequest,
): AsyncGenerator<Payload, void> {
  request.report.startStream();
  try {
    for await (const payload of payloads) yield maskErrors(payload, request);
  } finally {
    request.end(200);
  }
}

/** The answer in a response that a plugin made, where it refuses a request for instance. */
async function answerOfResponse(response: Response): Promise<Answer> {
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  if (isRecord(body) && "data" in body) return body;
  const errors = isRecord(body) && Array.isArray(body.errors) ? body.errors.filter(isRecord) : [];
  const known = errors.map(
    ({ message, extensions }) =>
      new GraphQLError(String(message), { extensions: { http: { status }, ...(isRecord(extensions) && extensions) } }),
  );
  const unknown = new GraphQLError(`A plugin refused the request with the status ${status}.`, {
    extensions: { http: { status } },
  });
  return { errors: known.length > 0 ? known : [unknown] };
}

function notAcceptable(): GraphQLError {
  const served = servedMediaTypes.join(", ");
  return refusal("BAD_USER_INPUT", `The Accept header names no media type that is served: ${served}.`, { status: 406 });
}
