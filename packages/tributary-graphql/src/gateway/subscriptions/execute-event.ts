import type { ExecutionResult } from "graphql";
import { type ExecutionServices, executeOperation, type Operation } from "../execution/execute-operation.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { backstopMs, RequestLifetime } from "../request/request-lifetime.ts";
import { inOnePiece } from "../request/start-request.ts";
import type { GatewayServices } from "../services.ts";
import { isStream } from "../streaming/payload.ts";
import { publishResult } from "./publish-result.ts";

export type EventServices = ExecutionServices & Pick<GatewayServices, "deadlines" | "createCallLog">;

/**
 * Executes one event of a subscription as though it were a request of its own, with its own deadline, call log and context.
 * A subscription lives for hours, and loaders cache: in one context for all events, a field would stay as it was in the
 * first one, and every row ever read would stay in memory.
 *
 * The events share the id, the log, and the errors that were logged already. Does not throw for errors of resolvers; errors
 * are masked.
 */
export async function executeEvent(
  operation: Operation,
  event: unknown,
  request: GraphQLRequest,
  services: EventServices,
): Promise<ExecutionResult> {
  const lifetime = new RequestLifetime({
    deadlines: services.deadlines,
    backstopMs,
    client: request.lifetime.executionSignal,
  });
  const eventRequest = request.part({ lifetime, calls: services.createCallLog(), accepted: inOnePiece });
  try {
    const { createEventContext: createContext = operation.createContext, ...given } = operation;
    const ofEvent: Operation = { ...given, rootValue: event, ...(createContext && { createContext }) };
    const answer = await executeOperation(ofEvent, eventRequest, services);
    if (isStream(answer)) throw new TypeError("An event was executed to a stream although nothing in it is deferred.");
    return publishResult(answer, eventRequest);
  } finally {
    request.calls.addCounts(eventRequest.calls);
    lifetime.end();
  }
}
