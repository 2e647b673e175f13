import {
  createSourceEventStream,
  type GraphQLError,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from "graphql";
import type { Operation } from "../execution/execute-operation.ts";
import { deadlineError, toGraphQLError, unexpectedError } from "../execution/execution-errors.ts";
import { withoutIncremental } from "../execution/incremental-directives.ts";
import { leastCost } from "../rate-limit/request-charge.ts";
import { type GraphQLRequest, scopeOf } from "../request/graphql-request.ts";
import { asRefusal, maxRefusalErrors } from "../security/refusal.ts";
import type { GatewayServices } from "../services.ts";
import type { Payload } from "../streaming/payload.ts";
import { EventStream } from "./event-stream.ts";
import { type EventServices, executeEvent } from "./execute-event.ts";

export type SubscribeServices = EventServices & Pick<GatewayServices, "lifecycle">;

/**
 * Subscribes a validated operation to its source. The request's deadline holds until the source is there; from then on each
 * event has one of its own. The stream ends the request. An answer without a stream has the errors, and leaves that to the
 * caller. Does not throw for errors of resolvers.
 */
export async function subscribeOperation(
  operation: Operation,
  request: GraphQLRequest,
  services: SubscribeServices,
): Promise<Payload | EventStream> {
  const plain = { ...operation, document: withoutIncremental(operation.document) };
  const opened = await openSource(plain, request, services);
  if (!(Symbol.asyncIterator in opened)) return opened;
  if (request.lifetime.ending === "deadline") {
    returnSource(opened);
    return notOpened([deadlineError()]);
  }
  request.lifetime.liftDeadline();
  // From here on, each event is charged.
  request.charge?.settle(leastCost);
  request.report.startStream();
  return new EventStream({
    request,
    source: opened,
    execute: (event) => executeEvent(plain, event, request, services),
    onDrain: (listener) => services.lifecycle.onDrain(listener),
  });
}

type Opened = Payload | AsyncIterable<unknown>;

async function openSource(operation: Operation, request: GraphQLRequest, services: SubscribeServices): Promise<Opened> {
  try {
    const { createContext = services.createContext, createEventContext: _, ...given } = operation;
    const args = validateSubscriptionArgs({
      ...given,
      hideSuggestions: services.isProduction,
      options: { maxCoercionErrors: maxRefusalErrors },
    });
    if (!("schema" in args)) return { errors: args.map((error) => asRefusal("BAD_USER_INPUT", error)) };
    const contextValue = contextOf(createContext, request);
    const source = await sourceOf({ ...args, contextValue }, request.lifetime.executionSignal);
    return Symbol.asyncIterator in source ? source : notOpened(source.errors ?? []);
  } catch (error) {
    return notOpened([toGraphQLError(error)]);
  }
}

function contextOf(createContext: GatewayServices["createContext"], request: GraphQLRequest): object {
  try {
    return createContext(scopeOf(request));
  } catch (error) {
    throw unexpectedError(error);
  }
}

/** With `data`, since the operation was executed: an event then carries the errors, where a status would hide them. */
const notOpened = (errors: readonly GraphQLError[]): Payload => ({ data: null, errors });

/**
 * Stops waiting with the signal. graphql would do that too if it had the signal, but it then forgets a source that comes
 * late, which would then stay open.
 */
async function sourceOf(args: ValidatedSubscriptionArgs, signal: AbortSignal): Promise<Opened> {
  const opening = Promise.resolve(createSourceEventStream(args));
  const gone = Promise.withResolvers<never>();
  const onAbort = (): void => {
    gone.reject(signal.reason);
    void opening.then(returnSource, () => undefined);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([opening, gone.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function returnSource(source: Opened): void {
  if (!(Symbol.asyncIterator in source)) return;
  void source[Symbol.asyncIterator]()
    .return?.()
    .catch(() => undefined);
}
