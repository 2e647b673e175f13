import { GraphQLError } from "graphql";
import { toGraphQLError } from "../execution/execution-errors.ts";
import { negotiate, servedMediaTypes } from "../http/accept.ts";
import { isPreflight, originRefused, preflightResponse } from "../http/cors.ts";
import { finishResponse } from "../http/finish-response.ts";
import { notReady } from "../http/lifecycle.ts";
import { originHeadersOf } from "../http/origin-policy.ts";
import { readMembers } from "../http/read-request.ts";
import { respond } from "../http/respond.ts";
import { variesBy } from "../http/vary.ts";
import { checkedParams, isRecord } from "../pipeline/operation-params.ts";
import { lateBody, type Pipeline } from "../pipeline/pipeline.ts";
import { clientGoneStatus, type GraphQLRequest } from "../request/graphql-request.ts";
import { inOnePiece, requestIdOf, startRequest } from "../request/start-request.ts";
import { embeddingFault } from "../security/embedding.ts";
import { refusal } from "../security/refusal.ts";
import type { GatewayServices } from "../services.ts";
import { type Answer, isStream, type Payload } from "../streaming/payload.ts";
import { maskErrors, publish } from "../streaming/publish.ts";
import { operationRequest } from "../subscriptions/socket-client.ts";
import { clientInfoOf } from "../telemetry/client-info.ts";
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
    const { lifecycle, origins } = this.#services;
    const { headers } = httpRequest;
    const preflight = isPreflight(httpRequest) ? preflightResponse(httpRequest, origins) : undefined;
    if (preflight) {
      preflight.headers.append("vary", variesBy);
      return preflight;
    }
    const accepted = negotiate(headers.get("accept"));
    const request = startRequest(
      {
        id: requestIdOf(headers.get("x-request-id")),
        transport: "http",
        client: { headers, request: httpRequest },
        accepted: accepted ?? inOnePiece,
        callsHeader: headers.get("x-tributary-calls"),
        gone: httpRequest.signal,
        clientAddress,
        clientInfo: clientInfoOf((name) => headers.get(name)),
      },
      this.#services,
    );
    const isRefused = isPreflight(httpRequest) && origins.accessOf(originHeadersOf(headers)) === "refused";
    const fault = isRefused
      ? originRefused()
      : (notReady(lifecycle) ?? embeddingFault(headers) ?? (accepted ? undefined : notAcceptable()));
    return finishResponse(await this.#respond(httpRequest, request, fault), request, origins);
  }

  /** Yoga rejects when the client has left. */
  async #respond(httpRequest: Request, request: GraphQLRequest, fault: GraphQLError | undefined): Promise<Response> {
    const publishAnswer = (answer: Answer) => respond(answer, request, this.#services.heartbeatMs);
    if (fault && this.#host.httpHooks.length === 0) return publishAnswer({ errors: [fault] });
    try {
      const response = await this.#host.fetch(httpRequest, this.#exchange(request, fault, publishAnswer));
      if (!request.report.isStream) request.end(response.status);
      return response;
    } catch (error) {
      if (request.lifetime.ending !== "client-gone") return publishAnswer({ errors: [toGraphQLError(error)] });
      request.end(clientGoneStatus);
      throw error;
    }
  }

  /** Sends an operation of a WebSocket through the HTTP hooks of plugins, as a `Request`. */
  async answerOnSocket(payload: object, request: GraphQLRequest, fault: GraphQLError | undefined): Promise<Answer> {
    let answered: Answer | undefined;
    const keep = (answer: Answer): Response => {
      answered = answer;
      return new Response();
    };
    try {
      const httpRequest = operationRequest(request.client.headers, payload);
      const response = await this.#host.fetch(httpRequest, this.#exchange(request, fault, keep));
      return answered ?? (await answerOfResponse(response));
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
        if (fault) throw fault;
        const late = Promise.withResolvers<never>();
        late.promise.catch(() => undefined);
        request.lifetime.onLate(() => late.reject(lateBody()));
        const { query, operationName, variables, extensions, documentId, id } = await readMembers(
          httpRequest,
          this.#services.limits.bodyBytes,
          late.promise,
        );
        request.lifetime.onLate(() => undefined);
        return { query, operationName, variables, extensions, documentId, id } as object;
      },
      check: (params) => checkedParams({ ...params }),
      answer: (params, method) => this.#pipeline.answer(params, request, method),
      publish: publishAnswer,
      mask: (answer) => (isStream(answer) ? maskedPayloads(answer, request) : publish(answer, request)),
    };
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
