import { randomUUID } from "node:crypto";
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from "graphql";
import type { SubscribePayload } from "graphql-ws";
import { endRun } from "../end-run.ts";
import { executeOperation } from "../execution/execute-operation.ts";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import { notReady } from "../http/graphql-endpoint.ts";
import type { Lifecycle } from "../http/lifecycle.ts";
import { checkedParams, type OperationParams } from "../http/operation-params.ts";
import { headOf } from "../http/status.ts";
import type { OperationStages, StageOptions } from "../operation-stages.ts";
import type { RequestRun } from "../request-run.ts";
import { inOnePiece, type RunOptions, startRun } from "../start-run.ts";
import { isStream, type Payload } from "../streaming/payload.ts";
import type { ClientInfo } from "../telemetry/client-info.ts";
import { EventStream } from "./event-stream.ts";
import { publishResult } from "./publish-result.ts";
import { subscribeOperation } from "./subscribe-operation.ts";

export interface SocketOperationOptions extends RunOptions, Omit<StageOptions, "lifecycle"> {
  readonly stages: OperationStages;
  readonly lifecycle: Lifecycle;
}

export interface StartingOperation {
  /** The request that opened the WebSocket. */
  readonly request: Request;
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
  readonly #runs = new WeakMap<ExecutionArgs, RequestRun>();

  constructor(options: SocketOperationOptions) {
    this.#options = options;
  }

  /** What to execute, or why it is not. */
  start({
    request,
    clientInfo,
    connection,
    client,
    payload,
    fault,
  }: StartingOperation): ExecutionArgs | readonly GraphQLError[] {
    const { lifecycle, logger } = this.#options;
    const run = startRun(
      {
        id: randomUUID(),
        client: request,
        clientInfo,
        gone: client,
        accepted: inOnePiece,
        callsHeader: request.headers.get("x-tributary-calls"),
      },
      { ...this.#options, logger: logger.child({ connection }) },
    );
    lifecycle.track(run);
    const refused = notReady(lifecycle) ?? fault;
    return refused ? errorsOf([refused], run) : this.#prepare(payload, run);
  }

  /** Executes a query or a mutation: in one piece, since a WebSocket has no header that would name a stream's format. */
  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    const run = this.#runOf(args);
    const answer = await executeOperation(args, run, this.#options);
    if (isStream(answer))
      throw new TypeError("An operation was executed to a stream although its directives were taken out.");
    return whole(answer, run);
  }

  async subscribe(args: ExecutionArgs): Promise<ExecutionResult | EventStream> {
    const run = this.#runOf(args);
    const answer = await subscribeOperation(args, run, this.#options);
    return answer instanceof EventStream ? answer : whole(answer, run);
  }

  #prepare(payload: SubscribePayload, run: RequestRun) {
    const params = paramsOf(payload);
    if (params instanceof GraphQLError) return errorsOf([params], run);
    const prepared = this.#options.stages.prepare(params, run, "POST");
    if (!("operation" in prepared)) return errorsOf(prepared, run);
    const args: ExecutionArgs = {
      schema: this.#options.schema,
      document: prepared.parsed.document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: undefined,
    };
    this.#runs.set(args, run);
    return args;
  }

  #runOf(args: ExecutionArgs): RequestRun {
    const run = this.#runs.get(args);
    if (run === undefined) throw new TypeError("An operation was to be executed that had not been started.");
    return run;
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
function whole(answer: Payload, run: RequestRun): ExecutionResult {
  const result = publishResult(answer, run);
  endRun(run, headOf(answer, false).status);
  return result;
}

const errorsOf = (errors: readonly GraphQLError[], run: RequestRun): readonly GraphQLError[] =>
  whole({ errors }, run).errors ?? [];
