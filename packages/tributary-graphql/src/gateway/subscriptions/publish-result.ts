import type { ExecutionResult } from "graphql";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import type { Payload } from "../streaming/payload.ts";
import { publish } from "../streaming/publish.ts";
import { writable } from "../streaming/write-payload.ts";

/**
 * An answer in one piece, published, in graphql's own type, which libraries take. Without `data` where
 * nothing was executed.
 */
export function publishResult(payload: Payload, request: GraphQLRequest): ExecutionResult {
  const { data, errors, extensions } = writable(publish(payload, request), request);
  request.report.addPayload(payload);
  return {
    ...(errors && { errors }),
    ...(data !== undefined && { data: data as ExecutionResult["data"] }),
    ...(extensions && { extensions }),
  };
}
