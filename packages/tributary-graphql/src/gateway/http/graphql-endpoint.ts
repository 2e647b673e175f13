import type { GraphQLError } from "graphql";
import { clientGoneStatus, endRun } from "../end-run.ts";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import type { RequestRun } from "../request-run.ts";
import { embeddingFault } from "../security/embedding.ts";
import { refusal } from "../security/refusal.ts";
import { inOnePiece, type RunOptions, startRun } from "../start-run.ts";
import { clientInfoOf } from "../telemetry/client-info.ts";
import { negotiate, servedMediaTypes } from "./accept.ts";
import { encoded } from "./content-encoding.ts";
import { isPreflight, originRefused, preflightResponse, withCors } from "./cors.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { type OriginPolicy, originHeadersOf } from "./origin-policy.ts";
import { requestIdOf } from "./request-id.ts";
import { respond } from "./respond.ts";
import { variesBy } from "./vary.ts";

export interface EndpointOptions extends RunOptions {
  /** Answers a request that may run. */
  handle(request: Request, run: RequestRun): Promise<Response>;
  readonly lifecycle: Lifecycle;
  readonly origins: OriginPolicy;
}

export interface GraphQLEndpoint {
  /** Answers any request to `/graphql`, of a client at this address. */
  handle(request: Request, clientAddress?: string): Promise<Response>;
  /** Answers one whose run has begun. */
  handleRun(request: Request, run: RequestRun): Promise<Response>;
}

/** The `/graphql` endpoint: gives each request its run, and sees to it that the run ends. */
export function createGraphQLEndpoint(options: EndpointOptions): GraphQLEndpoint {
  const { handle, lifecycle, origins } = options;
  const complete = async (request: Request, run: RequestRun, plain: Response): Promise<Response> => {
    const response = await encoded(plain, request.headers.get("accept-encoding"));
    response.headers.set("x-request-id", run.id);
    response.headers.set("x-content-type-options", "nosniff");
    response.headers.append("vary", variesBy);
    return withCors(request.headers, response, origins);
  };
  const handleRun = async (request: Request, run: RequestRun): Promise<Response> =>
    complete(request, run, await answer(request, run, handle));
  return {
    async handle(request, clientAddress) {
      const { headers } = request;
      const isRefused = isPreflight(request) && origins.accessOf(originHeadersOf(headers)) === "refused";
      const preflight = isPreflight(request) ? preflightResponse(request, origins) : undefined;
      if (preflight) {
        preflight.headers.append("vary", variesBy);
        return preflight;
      }
      const accepted = negotiate(headers.get("accept"));
      const run = startRun(
        {
          id: requestIdOf(headers.get("x-request-id")),
          client: request,
          accepted: accepted ?? inOnePiece,
          callsHeader: headers.get("x-tributary-calls"),
          gone: request.signal,
          clientAddress,
          clientInfo: clientInfoOf((name) => headers.get(name)),
        },
        options,
      );
      lifecycle.track(run);
      const fault = isRefused
        ? originRefused()
        : (notReady(lifecycle) ?? embeddingFault(headers) ?? (accepted ? undefined : notAcceptable()));
      return fault ? complete(request, run, respond({ errors: [fault] }, run)) : handleRun(request, run);
    },
    handleRun,
  };
}

/** Yoga answers what it does not care for (a preflight) by itself, and rejects when the client has left. */
async function answer(request: Request, run: RequestRun, handle: EndpointOptions["handle"]): Promise<Response> {
  try {
    const response = await handle(request, run);
    if (!run.report.isStream) endRun(run, response.status);
    return response;
  } catch (error) {
    if (run.lifetime.ending !== "client-gone") return respond({ errors: [asGraphQLError(error)] }, run);
    endRun(run, clientGoneStatus);
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
