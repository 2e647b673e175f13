import type { Logger } from "pino";
import { endRun } from "../end-run.ts";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import { RequestLifetime } from "../request-lifetime.ts";
import type { RequestRun } from "../request-run.ts";
import { refusal } from "../security/refusal.ts";
import type { CallLog } from "../telemetry/call-log.ts";
import { RequestReport } from "../telemetry/request-report.ts";
import { type Accepted, negotiate, singleMediaTypes, streamMediaTypes } from "./accept.ts";
import { allowOrigin, isPreflight, preflightResponse } from "./cors.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { requestIdOf } from "./request-id.ts";
import { respond } from "./respond.ts";

export interface EndpointOptions {
  /** Answers a request that may run. */
  handle(request: Request, run: RequestRun): Promise<Response>;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
  readonly isProduction: boolean;
  readonly requestTimeoutMs: number;
  createCallLog(): CallLog;
}

/** How long after its deadline a request that is still not answered is cut off, in milliseconds. */
const backstopMs = 100;

/** The `/graphql` endpoint: gives each request its run, and sees to it that the run ends. */
export const createGraphQLEndpoint = (options: EndpointOptions) => {
  const { handle, lifecycle, isProduction } = options;
  return async (request: Request): Promise<Response> => {
    if (!isProduction && isPreflight(request)) return preflightResponse(request);
    const accepted = negotiate(request.headers.get("accept"));
    const run = startRun(request, accepted ?? { single: "application/json" }, options);
    lifecycle.track(run);
    const fault = notReady(lifecycle) ?? (accepted ? undefined : notAcceptable());
    const response = await (fault ? respond({ errors: [fault] }, run) : answer(request, run, handle));
    response.headers.set("x-request-id", run.id);
    return isProduction ? response : allowOrigin(request, response);
  };
};

function startRun(request: Request, accepted: Accepted, options: EndpointOptions): RequestRun {
  const { logger, isProduction, requestTimeoutMs: timeoutMs } = options;
  const id = requestIdOf(request.headers);
  return {
    id,
    request,
    accepted,
    log: logger.child({ id }),
    calls: options.createCallLog(),
    lifetime: new RequestLifetime({ timeoutMs, backstopMs, client: request.signal }),
    report: new RequestReport(),
    showsCalls: !isProduction && request.headers.get("x-tributary-calls") === "1",
    loggedErrors: new WeakSet(),
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

/** Never sent, only logged: what nginx writes for a client that closed its connection. */
const clientGoneStatus = 499;

function notReady({ state }: Lifecycle) {
  if (state === "ready") return undefined;
  const message = state === "starting" ? "The gateway is still starting." : "The gateway is shutting down.";
  return refusal("OVERLOADED", message, { status: 503, headers: { "retry-after": "1" } });
}

function notAcceptable() {
  const served = [...singleMediaTypes, ...streamMediaTypes].join(", ");
  return refusal("BAD_USER_INPUT", `The Accept header names nothing that is served: ${served}.`, { status: 406 });
}
