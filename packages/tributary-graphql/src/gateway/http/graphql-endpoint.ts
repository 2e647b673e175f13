import type { GraphQLError } from "graphql";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import { clientGoneStatus, endRequest } from "../request/end-request.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { inOnePiece, type RequestOptions, startRequest } from "../request/start-request.ts";
import { embeddingFault } from "../security/embedding.ts";
import { refusal } from "../security/refusal.ts";
import { clientInfoOf } from "../telemetry/client-info.ts";
import { negotiate, servedMediaTypes } from "./accept.ts";
import { encoded } from "./content-encoding.ts";
import { isPreflight, originRefused, preflightResponse, withCors } from "./cors.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { type OriginPolicy, originHeadersOf } from "./origin-policy.ts";
import { requestIdOf } from "./request-id.ts";
import { respond } from "./respond.ts";
import { variesBy } from "./vary.ts";

export interface EndpointOptions extends RequestOptions {
  /** Answers a request that may run. */
  handle(httpRequest: Request, request: GraphQLRequest): Promise<Response>;
  readonly lifecycle: Lifecycle;
  readonly origins: OriginPolicy;
}

export interface GraphQLEndpoint {
  /** Answers any request to `/graphql`, of a client at this address. */
  handle(httpRequest: Request, clientAddress?: string): Promise<Response>;
  /** Answers one whose run has begun. */
  handleStarted(httpRequest: Request, request: GraphQLRequest): Promise<Response>;
}

/** The `/graphql` endpoint: gives each request its run, and sees to it that the run ends. */
export function createGraphQLEndpoint(options: EndpointOptions): GraphQLEndpoint {
  const { handle, lifecycle, origins } = options;
  const complete = async (httpRequest: Request, request: GraphQLRequest, plain: Response): Promise<Response> => {
    const response = await encoded(plain, httpRequest.headers.get("accept-encoding"));
    response.headers.set("x-request-id", request.id);
    response.headers.set("x-content-type-options", "nosniff");
    response.headers.append("vary", variesBy);
    return withCors(httpRequest.headers, response, origins);
  };
  const handleStarted = async (httpRequest: Request, request: GraphQLRequest): Promise<Response> =>
    complete(httpRequest, request, await answer(httpRequest, request, handle));
  return {
    async handle(httpRequest, clientAddress) {
      const { headers } = httpRequest;
      const isRefused = isPreflight(httpRequest) && origins.accessOf(originHeadersOf(headers)) === "refused";
      const preflight = isPreflight(httpRequest) ? preflightResponse(httpRequest, origins) : undefined;
      if (preflight) {
        preflight.headers.append("vary", variesBy);
        return preflight;
      }
      const accepted = negotiate(headers.get("accept"));
      const request = startRequest(
        {
          id: requestIdOf(headers.get("x-request-id")),
          client: httpRequest,
          accepted: accepted ?? inOnePiece,
          callsHeader: headers.get("x-tributary-calls"),
          gone: httpRequest.signal,
          clientAddress,
          clientInfo: clientInfoOf((name) => headers.get(name)),
        },
        options,
      );
      lifecycle.track(request);
      const fault = isRefused
        ? originRefused()
        : (notReady(lifecycle) ?? embeddingFault(headers) ?? (accepted ? undefined : notAcceptable()));
      return fault
        ? complete(httpRequest, request, respond({ errors: [fault] }, request))
        : handleStarted(httpRequest, request);
    },
    handleStarted,
  };
}

/** Yoga answers what it does not care for (a preflight) by itself, and rejects when the client has left. */
async function answer(
  httpRequest: Request,
  request: GraphQLRequest,
  handle: EndpointOptions["handle"],
): Promise<Response> {
  try {
    const response = await handle(httpRequest, request);
    if (!request.report.isStream) endRequest(request, response.status);
    return response;
  } catch (error) {
    if (request.lifetime.ending !== "client-gone") return respond({ errors: [asGraphQLError(error)] }, request);
    endRequest(request, clientGoneStatus);
    throw error;
  }
}

/** Why nothing may run now; undefined when it may. */
export function notReady({
  state,
  takesRequests,
}: Pick<Lifecycle, "state" | "takesRequests">): GraphQLError | undefined {
  if (takesRequests) return undefined;
  const message = state === "starting" ? "The gateway is still starting." : "The gateway is shutting down.";
  return refusal("OVERLOADED", message, { status: 503, headers: { "retry-after": "1" } });
}

function notAcceptable() {
  const served = servedMediaTypes.join(", ");
  return refusal("BAD_USER_INPUT", `The Accept header names nothing that is served: ${served}.`, { status: 406 });
}
