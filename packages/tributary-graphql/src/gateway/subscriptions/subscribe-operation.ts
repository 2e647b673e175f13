import {
  createSourceEventStream,
  GraphQLError,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from "graphql";
import type { Operation } from "../execution/execute-operation.ts";
import { asGraphQLError, lateError } from "../execution/incremental-payloads.ts";
import { withoutIncremental } from "../execution/without-incremental.ts";
import type { Lifecycle } from "../http/lifecycle.ts";
import { type GraphQLRequest, scopeOf } from "../request/graphql-request.ts";
import { asRefusal, maxRefusalErrors } from "../security/refusal.ts";
import type { Payload } from "../streaming/payload.ts";
import { EventStream } from "./event-stream.ts";
import { type EventOptions, executeEvent } from "./execute-event.ts";

export interface SubscribeOptions extends EventOptions {
  readonly lifecycle: Pick<Lifecycle, "onDrain">;
}

/**
 * Subscribes a validated operation to its source. The request's deadline holds until the source is there, and from then
 * on each event has one of its own. The stream ends the run; an answer without a stream, with the errors that hindered
 * it, leaves that to the caller. Never throws for what happens in a resolver.
 *
 * @param onEnd called once, when the stream has ended, or when there is none
 */
export async function subscribeOperation(
  operation: Operation,
  request: GraphQLRequest,
  options: SubscribeOptions,
  onEnd: () => void = () => undefined,
): Promise<Payload | EventStream> {
  const plain = { ...operation, document: withoutIncremental(operation.document) };
  const opened = await openSource(plain, request, options);
  if (!(Symbol.asyncIterator in opened)) {
    onEnd();
    return opened;
  }
  if (request.lifetime.ending === "deadline") {
    returnSource(opened);
    onEnd();
    return notOpened([lateError()]);
  }
  request.lifetime.liftDeadline();
  request.report.startStream();
  return new EventStream({
    request,
    source: opened,
    execute: (event) => executeEvent(plain, event, request, options),
    onDrain: (listener) => options.lifecycle.onDrain(listener),
    onEnd,
  });
}

type Opened = Payload | AsyncIterable<unknown>;

async function openSource(operation: Operation, request: GraphQLRequest, options: SubscribeOptions): Promise<Opened> {
  try {
    const args = validateSubscriptionArgs({
      ...operation,
      hideSuggestions: options.hideSuggestions,
      options: { maxCoercionErrors: maxRefusalErrors },
    });
    if (!("schema" in args)) return { errors: args.map((error) => asRefusal("BAD_USER_INPUT", error)) };
    const contextValue = options.createContext(scopeOf(request));
    const source = await sourceOf({ ...args, contextValue }, request.lifetime.executionSignal);
    return Symbol.asyncIterator in source ? source : notOpened(source.errors ?? []);
  } catch (error) {
    return notOpened([error instanceof GraphQLError ? error : asGraphQLError(error)]);
  }
}

/** With `data`, since the operation ran: over events it is then told in one, not by a status that hides the errors. */
const notOpened = (errors: readonly GraphQLError[]): Payload => ({ data: null, errors });

/**
 * Stops waiting with the signal. graphql would do that too if it had the signal, but it then forgets a source that comes
 * late: nobody would return it.
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
