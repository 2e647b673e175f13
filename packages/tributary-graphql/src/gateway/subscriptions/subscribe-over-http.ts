import type { Operation } from "../execution/execute-operation.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { refusal } from "../security/refusal.ts";
import type { Payload } from "../streaming/payload.ts";
import type { ConnectionPlaces } from "./connection-places.ts";
import type { EventStream } from "./event-stream.ts";
import { type SubscribeOptions, subscribeOperation } from "./subscribe-operation.ts";
import { takesEvents } from "./takes-events.ts";

/** Subscribes a client that takes an event stream, while there is a place for it; any other one before anything runs. */
export async function subscribeOverHttp(
  operation: Operation,
  request: GraphQLRequest,
  options: SubscribeOptions & { readonly places: ConnectionPlaces },
): Promise<Payload | EventStream> {
  if (!takesEvents(request.client.headers.get("accept"))) return { errors: [noEventsTaken()] };
  const release = options.places.take(request.clientAddress);
  if (typeof release !== "function") return { errors: [release] };
  return subscribeOperation(operation, request, options, release);
}

const noEventsTaken = () =>
  refusal(
    "BAD_USER_INPUT",
    "A subscription is answered with text/event-stream, which the Accept header does not name. " +
      "Name it, or subscribe over WebSocket (graphql-transport-ws).",
    { status: 406 },
  );
