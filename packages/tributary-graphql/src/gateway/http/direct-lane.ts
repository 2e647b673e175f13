import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Flights } from "../coalescing/flights.ts";
import type { RequestLimits } from "../limits.ts";
import type { OperationStages } from "../operation-stages.ts";
import type { RequestRun } from "../request-run.ts";
import type { RunOptions } from "../start-run.ts";
import { type Accepted, negotiate, type SingleMediaType } from "./accept.ts";
import { DirectExchange } from "./direct-exchange.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { OriginPolicy } from "./origin-policy.ts";
import { isJson } from "./read-params.ts";
import { remembered } from "./remembered.ts";

export interface DirectLaneOptions extends RunOptions {
  readonly stages: OperationStages;
  readonly limits: RequestLimits;
  readonly lifecycle: Lifecycle;
  readonly origins: OriginPolicy;
  readonly logger: Logger;
  /** The executions that others may wait for. Unset where each request is executed by itself. */
  readonly flights: Flights | undefined;
  /** Yoga's lane: answers a request whose run has begun, and whose answer turns out to be a stream. */
  handleRun(request: Request, run: RequestRun): Promise<Response>;
}

/** The server's side of the connections that requests come over. */
export interface Connections {
  /** Whether each is to be closed after its next answer. */
  readonly areLeaving: boolean;
  /** Sends what Yoga's lane answers. */
  send(answering: Promise<Response>, response: ServerResponse): void;
  /** As far as trusted proxies tell it. */
  clientAddress(request: IncomingMessage): string | undefined;
}

/** A client that takes JSON, whatever else it takes. */
export type AcceptedJson = Accepted & { readonly single: SingleMediaType };

export interface DirectLane {
  /** Answers the request, if it is an ordinary one; false when it is left to Yoga's lane, untouched. */
  serve(request: IncomingMessage, response: ServerResponse, connections: Connections): boolean;
}

/**
 * The way of the ordinary request, a POST of JSON that is answered by JSON, without a `Request` and a `Response`: making
 * those costs several times what the rest of the gateway does. It goes through the same stages as Yoga's lane and has to
 * give the same bytes, which one suite demands of both.
 */
export function createDirectLane(options: DirectLaneOptions): DirectLane {
  const acceptedOf = remembered(negotiate);
  const takesJsonBody = remembered(isJson);
  return {
    serve(request, response, connections) {
      const { method, url, headers } = request;
      if (method !== "POST" || url !== "/graphql" || !takesJsonBody(headers["content-type"])) return false;
      if ((headers["content-encoding"] ?? "identity") !== "identity") return false;
      const accepted = acceptedOf(headers.accept);
      if (!hasSingle(accepted)) return false;
      new DirectExchange(request, response, accepted, connections, options).begin();
      return true;
    },
  };
}

const hasSingle = (accepted: Accepted | undefined): accepted is AcceptedJson => accepted?.single !== undefined;
