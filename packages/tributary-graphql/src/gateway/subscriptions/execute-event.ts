import type { ExecutionResult, GraphQLError } from "graphql";
import { type ExecutionServices, executeOperation, type Operation } from "../execution/execute-operation.ts";
import { leastCost } from "../rate-limit/request-charge.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { backstopMs, RequestLifetime } from "../request/request-lifetime.ts";
import { inOnePiece } from "../request/start-request.ts";
import type { GatewayServices } from "../services.ts";
import { isStream } from "../streaming/payload.ts";
import { publishResult } from "./publish-result.ts";

export type EventServices = ExecutionServices & Pick<GatewayServices, "deadlines" | "createCallLog" | "rateLimiter">;

/**
 * Executes one event of a subscription as though it were a request of its own, with its own deadline, call log and context.
 * A subscription lives for hours, and loaders cache: in one context for all events, a field would stay as it was in the
 * first one, and every row ever read would stay in memory.
 *
 * The events share the id, the log, and the errors that were logged already. Each is charged to its client; one that the rate
 * limit refuses has an error instead of data, and the subscription goes on. Does not throw for errors of resolvers; errors are
 * masked.
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
  eventRequest.cost = request.cost?.ofEvent(eventRequest.calls);
  try {
    const limited = await chargeEvent(eventRequest, request, services);
    if (limited) return publishResult({ errors: [limited] }, eventRequest);
    const { createEventContext: createContext = operation.createContext, ...given } = operation;
    const ofEvent: Operation = { ...given, rootValue: event, ...(createContext && { createContext }) };
    const answer = await executeOperation(ofEvent, eventRequest, services);
    if (isStream(answer)) throw new TypeError("An event was executed to a stream although nothing in it is deferred.");
    return publishResult(answer, eventRequest);
  } finally {
    request.calls.addCounts(eventRequest.calls);
    eventRequest.trusted?.checkBudget(eventRequest);
    lifetime.end();
  }
}

/** The refusal of an event that its client has no cost left for. */
function chargeEvent(
  event: GraphQLRequest,
  { charge }: GraphQLRequest,
  { rateLimiter }: EventServices,
): GraphQLError | undefined | Promise<GraphQLError | undefined> {
  if (rateLimiter === undefined || charge === undefined) return undefined;
  event.charge = rateLimiter.chargeEvent(event, charge);
  return event.charge.reserve(event.cost?.estimate ?? leastCost);
}
