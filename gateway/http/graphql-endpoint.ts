import type { GraphQLError } from "graphql";
import { endRun } from "../end-run.ts";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import type { RequestRun } from "../request-run.ts";
import { refusal } from "../security/refusal.ts";
import { inOnePiece, type RunOptions, startRun } from "../start-run.ts";
import { negotiate, servedMediaTypes } from "./accept.ts";
import { encoded } from "./content-encoding.ts";
import { allowOrigin, isPreflight, preflightResponse } from "./cors.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { requestIdOf } from "./request-id.ts";
import { respond } from "./respond.ts";

export interface EndpointOptions extends RunOptions {
  /** Answers a request that may run. */
  handle(request: Request, run: RequestRun): Promise<Response>;
  readonly lifecycle: Lifecycle;
}

/** The `/graphql` endpoint: gives each request its run, and sees to it that the run ends. */
export const createGraphQLEndpoint = (options: EndpointOptions) => {
  const { handle, lifecycle, isProduction } = options;
  return async (request: Request): Promise<Response> => {
    if (!isProduction && isPreflight(request)) return preflightResponse(request);
    const accepted = negotiate(request.headers.get("accept"));
    const run = startRun(
      {
        id: requestIdOf(request.headers),
        request,
        accepted: accepted ?? inOnePiece,
        client: request.signal,
      },
      options,
    );
    lifecycle.track(run);
    const fault = notReady(lifecycle) ?? (accepted ? undefined : notAcceptable());
    const plain = await (fault ? respond({ errors: [fault] }, run) : answer(request, run, handle));
    const response = await encoded(plain, request.headers.get("accept-encoding"));
    response.headers.set("x-request-id", run.id);
    return isProduction ? response : allowOrigin(request, response);
  };
};

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

/** Never sent, only logged: what nginx writes for a client that closed its connection. */
const clientGoneStatus = 499;

/** Why nothing may run now; undefined when it may. */
export function notReady({ state }: Lifecycle): GraphQLError | undefined {
  if (state === "ready") return undefined;
  const message = state === "starting" ? "The gateway is still starting." : "The gateway is shutting down.";
  return refusal("OVERLOADED", message, { status: 503, headers: { "retry-after": "1" } });
}

function notAcceptable() {
  const served = servedMediaTypes.join(", ");
  return refusal("BAD_USER_INPUT", `The Accept header names nothing that is served: ${served}.`, { status: 406 });
}
