import { randomUUID } from "node:crypto";
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, parse } from "graphql";
import type { SubscribePayload } from "graphql-ws";
import { toGraphQLError } from "../execution/execution-errors.ts";
import { notReady } from "../http/lifecycle.ts";
import { headOf } from "../http/respond.ts";
import { checkedParams } from "../pipeline/operation-params.ts";
import type { Pipeline, PreparedOperation, RefusedOperation } from "../pipeline/pipeline.ts";
import type { ClientRequest, GraphQLRequest } from "../request/graphql-request.ts";
import { inOnePiece, startRequest } from "../request/start-request.ts";
import type { GatewayServices } from "../services.ts";
import { type Answer, isStream, type Payload, returnAtEnd } from "../streaming/payload.ts";
import { maskErrors } from "../streaming/publish.ts";
import type { ClientInfo } from "../telemetry/client-info.ts";
import { EventStream } from "./event-stream.ts";
import { publishResult } from "./publish-result.ts";

export interface StartedOperation {
  /** The request that opened the WebSocket. */
  readonly client: ClientRequest;
  readonly clientInfo: ClientInfo | undefined;
  /** Unset where it is not known. */
  readonly clientAddress: string | undefined;
  /** Names the WebSocket in the log. */
  readonly connection: string;
  /** Aborted when the client wants no more of this operation. */
  readonly gone: AbortSignal;
  readonly payload: SubscribePayload;
  /** Refuses the operation. */
  readonly fault: GraphQLError | undefined;
}

/** Sends an operation through the HTTP hooks of plugins. Does not throw: the answer has the errors of a plugin that refuses it. */
export type HookedAnswer = (
  payload: SubscribePayload,
  request: GraphQLRequest,
  fault: GraphQLError | undefined,
) => Promise<Answer>;

type Refused = readonly GraphQLError[];

interface PreparedRequest {
  readonly request: GraphQLRequest;
  execute(): Answer | Promise<Answer>;
}

/** Operations that come over a WebSocket, each of them a request of its own. */
export class SocketOperations {
  readonly #services: GatewayServices;
  readonly #pipeline: Pipeline;
  readonly #hookedAnswer: HookedAnswer | undefined;
  readonly #prepared = new WeakMap<ExecutionArgs, PreparedRequest>();

  /** @param hookedAnswer where plugins have HTTP hooks */
  constructor(services: GatewayServices, pipeline: Pipeline, hookedAnswer?: HookedAnswer) {
    this.#services = services;
    this.#pipeline = pipeline;
    this.#hookedAnswer = hookedAnswer;
  }

  /** The operation for `execute`, or the errors for which it is not executed. */
  start(started: StartedOperation): ExecutionArgs | Refused | Promise<ExecutionArgs | Refused> {
    const { client, clientInfo, clientAddress, connection, gone, payload } = started;
    const { lifecycle, logger } = this.#services;
    const request = startRequest(
      {
        id: randomUUID(),
        transport: "websocket",
        client,
        clientInfo,
        clientAddress,
        gone,
        accepted: inOnePiece,
        callsHeader: client.headers.get("x-tributary-calls"),
        costHeader: client.headers.get("x-tributary-cost"),
      },
      { ...this.#services, logger: logger.child({ connection }) },
    );
    const fault = notReady(lifecycle) ?? started.fault;
    if (this.#hookedAnswer) return this.#startHooked(this.#hookedAnswer(payload, request, fault), request);
    return fault ? errorsOf([fault], request) : this.#prepare(payload, request);
  }

  /** In one piece, or the events of a subscription: a WebSocket has no header that would name a format of streams. */
  async execute(args: ExecutionArgs): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> {
    const prepared = this.#prepared.get(args);
    if (!prepared) throw new TypeError("An operation was to be executed that had not been started.");
    const { request, execute } = prepared;
    const answer = await execute();
    return isStream(answer) ? publishedEvents(answer, request) : published(answer, request);
  }

  #prepare(
    payload: SubscribePayload,
    request: GraphQLRequest,
  ): ExecutionArgs | Refused | Promise<ExecutionArgs | Refused> {
    try {
      const limited = request.charge?.refusal();
      if (limited) return errorsOf([limited], request);
      const params = checkedParams({ ...payload }, this.#services.trustedDocuments);
      const prepared = this.#pipeline.prepare(params, request, "POST");
      if (prepared instanceof Promise) return prepared.then((later) => this.#onPrepared(later, request));
      return this.#onPrepared(prepared, request);
    } catch (error) {
      return errorsOf([toGraphQLError(error)], request);
    }
  }

  #onPrepared(prepared: PreparedOperation | RefusedOperation, request: GraphQLRequest): ExecutionArgs | Refused {
    if (prepared.kind === "refused") return errorsOf(prepared.errors, request);
    return this.#argsOf(request, () => this.#pipeline.execute(prepared, request));
  }

  async #startHooked(answering: Promise<Answer>, request: GraphQLRequest): Promise<ExecutionArgs | Refused> {
    const answer = await answering;
    if (!isStream(answer) && answer.errors && !("data" in answer)) return errorsOf(answer.errors, request);
    return this.#argsOf(request, () => answer);
  }

  #argsOf(request: GraphQLRequest, execute: () => Answer | Promise<Answer>): ExecutionArgs {
    const args: ExecutionArgs = { schema: this.#services.schema, document: anyQuery, contextValue: undefined };
    this.#prepared.set(args, { request, execute });
    return args;
  }
}

/** For graphql-ws, which looks at the kind of the operation alone: a query too may be answered by a stream. */
const anyQuery = parse("{ __typename }");

/** Masks what a plugin added to events. Without plugins they are masked already, and end their request themselves. */
function publishedEvents(
  events: AsyncIterable<Payload>,
  request: GraphQLRequest,
): AsyncGenerator<ExecutionResult, void, void> {
  return events instanceof EventStream ? events : new PublishedEvents(events[Symbol.asyncIterator](), request);
}

/** Not a generator: `return` has to reach the source while the next event is waited for. */
class PublishedEvents implements AsyncGenerator<ExecutionResult, void, void> {
  readonly #events: AsyncIterator<Payload>;
  readonly #request: GraphQLRequest;

  constructor(events: AsyncIterator<Payload>, request: GraphQLRequest) {
    this.#events = events;
    this.#request = request;
    request.lifetime.liftDeadline();
    request.report.startStream();
    returnAtEnd(events, request.lifetime);
  }

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    try {
      const { done, value } = await this.#events.next();
      if (!done) return { done: false, value: maskErrors(value, this.#request) as ExecutionResult };
      return this.#end();
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    await this.#events.return?.();
    return this.#end();
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #end(): IteratorReturnResult<void> {
    this.#request.end(200);
    return { done: true, value: undefined };
  }
}

/** An answer in one piece ends the request. */
function published(answer: Payload, request: GraphQLRequest): ExecutionResult {
  const result = publishResult(answer, request);
  request.end(headOf(answer, false, request).status);
  return result;
}

const errorsOf = (errors: readonly GraphQLError[], request: GraphQLRequest): Refused =>
  published({ errors }, request).errors ?? [];
