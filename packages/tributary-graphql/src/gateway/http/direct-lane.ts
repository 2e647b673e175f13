import type { IncomingMessage, ServerResponse } from "node:http";
import { type Accepted, type AcceptedJson, negotiate } from "./accept.ts";
import type { Connections } from "./connections.ts";
import { DirectExchange } from "./direct-exchange.ts";
import type { DirectLaneOptions } from "./direct-lane-options.ts";
import { isJson } from "./read-params.ts";
import { remembered } from "./remembered.ts";

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
