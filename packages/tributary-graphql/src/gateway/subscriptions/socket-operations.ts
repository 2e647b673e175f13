import { randomUUID } from "node:crypto";
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from "graphql";
import type { SubscribePayload } from "graphql-ws";
import { executeOperation } from "../execution/execute-operation.ts";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import { notReady } from "../http/graphql-endpoint.ts";
import type { Lifecycle } from "../http/lifecycle.ts";
import { headOf } from "../http/status.ts";
import { checkedParams, type OperationParams } from "../pipeline/operation-params.ts";
import type { OperationStages, StageOptions } from "../pipeline/pipeline.ts";
import { endRequest } from "../request/end-request.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { inOnePiece, type RequestOptions, startRequest } from "../request/start-request.ts";
import { isStream, type Payload } from "../streaming/payload.ts";
import type { ClientInfo } from "../telemetry/client-info.ts";
import { EventStream } from "./event-stream.ts";
import { publishResult } from "./publish-result.ts";
import { subscribeOperation } from "./subscribe-operation.ts";

export interface SocketOperationOptions extends RequestOptions, Omit<StageOptions, "lifecycle"> {
  readonly stages: OperationStages;
  readonly lifecycle: Lifecycle;
}

export interface StartingOperation {
  /** The request that opened the WebSocket. */
  readonly upgradeRequest: Request;
  readonly clientInfo: ClientInfo | undefined;
  /** Names the WebSocket in the log. */
  readonly connection: string;
  /** Aborted when the client wants no more of this operation. */
  readonly client: AbortSignal;
  readonly payload: SubscribePayload;
  /** Why it may not run; undefined when it may. */
  readonly fault: GraphQLError | undefined;
}

/** Operations that come over a WebSocket, each of them a run like a request of its own. */
export class SocketOperations {
  readonly #options: SocketOperationOptions;
  readonly #requests = new WeakMap<ExecutionArgs, GraphQLRequest>();

  constructor(options: SocketOperationOptions) {
    this.#options = options;
  }

  /** What to execute, or why it is not. */
  start({
    upgradeRequest,
    clientInfo,
    connection,
    client,
    payload,
    fault,
  }: StartingOperation): ExecutionArgs | readonly GraphQLError[] {
    const { lifecycle, logger } = this.#options;
    const request = startRequest(
      {
        id: randomUUID(),
        client: upgradeRequest,
        clientInfo,
        gone: client,
        accepted: inOnePiece,
        callsHeader: upgradeRequest.headers.get("x-tributary-calls"),
      },
      { ...this.#options, logger: logger.child({ connection }) },
    );
    lifecycle.track(request);
    const refused = notReady(lifecycle) ?? fault;
    return refused ? errorsOf([refused], request) : this.#prepare(payload, request);
  }

  /** Executes a query or a mutation: in one piece, since a WebSocket has no header that would name a stream's format. */
  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    const request = this.#requestOf(args);
    const answer = await executeOperation(args, request, this.#options);
    if (isStream(answer))
      throw new TypeError("An operation was executed to a stream although its directives were taken out.");
    return whole(answer, request);
  }

  async subscribe(args: ExecutionArgs): Promise<ExecutionResult | EventStream> {
    const request = this.#requestOf(args);
    const answer = await subscribeOperation(args, request, this.#options);
    return answer instanceof EventStream ? answer : whole(answer, request);
  }

  #prepare(payload: SubscribePayload, request: GraphQLRequest) {
    const params = paramsOf(payload);
    if (params instanceof GraphQLError) return errorsOf([params], request);
    const prepared = this.#options.stages.prepare(params, request, "POST");
    if (!("operation" in prepared)) return errorsOf(prepared, request);
    const args: ExecutionArgs = {
      schema: this.#options.schema,
      document: prepared.parsed.document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: undefined,
    };
    this.#requests.set(args, request);
    return args;
  }

  #requestOf(args: ExecutionArgs): GraphQLRequest {
    const request = this.#requests.get(args);
    if (request === undefined) throw new TypeError("An operation was to be executed that had not been started.");
    return request;
  }
}

function paramsOf(payload: SubscribePayload): OperationParams | GraphQLError {
  try {
    return checkedParams({ ...payload });
  } catch (error) {
    return error instanceof GraphQLError ? error : asGraphQLError(error);
  }
}

/** An answer in one piece: with it the run is over. */
function whole(answer: Payload, request: GraphQLRequest): ExecutionResult {
  const result = publishResult(answer, request);
  endRequest(request, headOf(answer, false).status);
  return result;
}

const errorsOf = (errors: readonly GraphQLError[], request: GraphQLRequest): readonly GraphQLError[] =>
  whole({ errors }, request).errors ?? [];
