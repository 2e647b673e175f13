import { type GraphQLError, type OperationDefinitionNode, OperationTypeNode } from "graphql";
import { executeOperation, type Operation } from "../execution/execute-operation.ts";
import { toGraphQLError } from "../execution/execution-errors.ts";
import { leastCost, type RequestCharge } from "../rate-limit/request-charge.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import type { ParsedDocument } from "../security/checked-documents.ts";
import { refusal } from "../security/refusal.ts";
import { assertSmallVariables } from "../security/variables-size.ts";
import type { GatewayServices } from "../services.ts";
import type { Answer } from "../streaming/payload.ts";
import { subscribeOperation } from "../subscriptions/subscribe-operation.ts";
import { clientLibraryOf } from "../telemetry/client-info.ts";
import { cacheHeaders } from "../trusted-documents/cache-headers.ts";
import type { OperationParams } from "./operation-params.ts";
import type { PipelineSteps } from "./steps.ts";

/** Gives a request steps of its own, with the hooks of plugins around them. */
export type StepsFactory = (request: GraphQLRequest, params: OperationParams, engine: PipelineSteps) => PipelineSteps;

/** An operation that may be executed: selected from a valid document. */
export interface PreparedOperation {
  readonly kind: "prepared";
  readonly parsed: ParsedDocument;
  readonly operation: OperationDefinitionNode;
  readonly params: OperationParams;
  readonly steps: PipelineSteps;
}

export interface RefusedOperation {
  readonly kind: "refused";
  readonly errors: readonly GraphQLError[];
}

/**
 * The steps of every operation between reading it and publishing its answer, whichever way it came: over the fast path,
 * through Yoga, or over a WebSocket. `prepare` parses, selects the operation and validates; `execute` does the rest.
 */
export class Pipeline {
  readonly #engine: PipelineSteps;
  readonly #services: GatewayServices;
  readonly #stepsOf: StepsFactory | undefined;

  /** @param stepsOf for a gateway with plugins */
  constructor(services: GatewayServices, stepsOf?: StepsFactory) {
    this.#services = services;
    this.#engine = new EngineSteps(services);
    this.#stepsOf = stepsOf;
  }

  /**
   * At once, unless the rate limit has to ask another process.
   *
   * @param method of the HTTP request: a GET executes no mutation
   */
  prepare(
    params: OperationParams,
    request: GraphQLRequest,
    method: string,
  ): PreparedOperation | RefusedOperation | Promise<PreparedOperation | RefusedOperation> {
    try {
      const limited = request.charge?.refusal();
      if (limited) return refusedBy(limited);
      request.report.setClientLibrary(clientLibraryOf(params.extensions));
      assertInTime(request);
      request.trusted = this.#services.trustedDocuments?.admit(params);
      if (params.variables) assertSmallVariables(params.variables, this.#services.limits);
      const steps = this.#stepsOf === undefined ? this.#engine : this.#stepsOf(request, params, this.#engine);
      const parsed = steps.parse(params.query);
      const operation = selectedOperation(parsed, params, method);
      request.report.setOperation(operation.name?.value, operation.operation);
      const { document } = parsed;
      request.operation = { schema: this.#services.schema, document, operation, variables: params.variables };
      const errors = steps.validate(parsed);
      if (errors.length > 0) return { kind: "refused", errors };
      const expensive = this.#estimate(parsed, operation, params, request);
      if (expensive) return refusedBy(expensive);
      this.#onValid(operation, params, request, method);
      const prepared: PreparedOperation = { kind: "prepared", parsed, operation, params, steps };
      return request.charge === undefined ? prepared : reserved(prepared, request, request.charge);
    } catch (error) {
      return refusedBy(toGraphQLError(error));
    }
  }

  /** A text may be registered now, and the answer to a GET be public. */
  #onValid(operation: OperationDefinitionNode, params: OperationParams, request: GraphQLRequest, method: string): void {
    const { trustedDocuments } = this.#services;
    if (trustedDocuments === undefined) return;
    if (request.trusted === undefined) trustedDocuments.register(params);
    else if (method === "GET") {
      const maxAgeSeconds = trustedDocuments.maxAgeOf(operation.name?.value, operation.operation);
      if (maxAgeSeconds !== undefined) request.cacheHeaders = cacheHeaders(maxAgeSeconds, request);
    }
  }

  /** Gives the request its cost. Returns the refusal of an operation that costs too much. */
  #estimate(
    parsed: ParsedDocument,
    operation: OperationDefinitionNode,
    { variables }: OperationParams,
    request: GraphQLRequest,
  ): GraphQLError | undefined {
    const { costs } = this.#services;
    request.cost = costs.costOf(parsed, operation, variables ?? noVariables, request.calls);
    return request.cost.refusal();
  }

  /**
   * Executes the operation, or subscribes it to its source. An answer in several payloads ends the request; after any other
   * one, the caller must. Does not throw for errors of resolvers.
   */
  execute({ parsed, operation, params, steps }: PreparedOperation, request: GraphQLRequest): Answer | Promise<Answer> {
    const { variables, operationName } = params;
    const { schema } = this.#services;
    const args = { schema, document: parsed.document, variableValues: variables, operationName };
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return steps.execute(args, request);
    const fault = request.transport === "http" ? this.#eventStreamFault(request) : undefined;
    return fault ? { errors: [fault] } : steps.subscribe(args, request);
  }

  /** `prepare` and `execute`. */
  answer(params: OperationParams, request: GraphQLRequest, method: string): Answer | Promise<Answer> {
    const prepared = this.prepare(params, request, method);
    const answer = (ready: PreparedOperation | RefusedOperation) =>
      ready.kind === "refused" ? { errors: ready.errors } : this.execute(ready, request);
    return prepared instanceof Promise ? prepared.then(answer) : answer(prepared);
  }

  /** An event stream keeps its connection open. A WebSocket was counted when it was opened. */
  #eventStreamFault({ accepted, clientAddress, lifetime }: GraphQLRequest): GraphQLError | undefined {
    if (!accepted.takesEvents) return eventsNotAccepted();
    const release = this.#services.connectionLimiter.acquire(clientAddress);
    if (typeof release !== "function") return release;
    lifetime.hold({ release });
    return undefined;
  }
}

const noVariables: Readonly<Record<string, unknown>> = {};

const refusedBy = (error: GraphQLError): RefusedOperation => ({ kind: "refused", errors: [error] });

/** The operation, once its estimated cost was taken from the bucket of its client, or the refusal. */
function reserved(
  prepared: PreparedOperation,
  request: GraphQLRequest,
  charge: RequestCharge,
): PreparedOperation | RefusedOperation | Promise<PreparedOperation | RefusedOperation> {
  const reserving = charge.reserve(request.cost?.estimate ?? leastCost);
  if (!(reserving instanceof Promise)) return reserving ? refusedBy(reserving) : prepared;
  return reserving.then((limited) => {
    if (limited) return refusedBy(limited);
    return request.lifetime.ending === "deadline" ? refusedBy(lateBody()) : prepared;
  });
}

/** The steps without any plugin. */
class EngineSteps implements PipelineSteps {
  readonly #services: GatewayServices;

  constructor(services: GatewayServices) {
    this.#services = services;
  }

  parse(text: string): ParsedDocument {
    return this.#services.documents.parse(text);
  }

  validate(parsed: ParsedDocument): readonly GraphQLError[] {
    return this.#services.documents.validate(parsed);
  }

  execute(operation: Operation, request: GraphQLRequest): Answer | Promise<Answer> {
    return executeOperation(operation, request, this.#services);
  }

  subscribe(operation: Operation, request: GraphQLRequest): Promise<Answer> {
    return subscribeOperation(operation, request, this.#services);
  }
}

/**
 * A client may take longer to send its body than the whole request may take. A mutation whose sources would all refuse must
 * not begin.
 *
 * @throws GraphQLError a refusal
 */
function assertInTime({ lifetime }: GraphQLRequest): void {
  if (lifetime.ending === "deadline") throw lateBody();
}

export const lateBody = (): GraphQLError =>
  refusal("DEADLINE_EXCEEDED", "The request's deadline passed before all of it had arrived.", { status: 408 });

const eventsNotAccepted = (): GraphQLError =>
  refusal(
    "BAD_USER_INPUT",
    "A subscription is answered with text/event-stream, which the Accept header does not name. " +
      "Name it, or subscribe over WebSocket (graphql-transport-ws).",
    { status: 406 },
  );

/** @throws GraphQLError a refusal */
function selectedOperation(
  parsed: ParsedDocument,
  { operationName }: OperationParams,
  method: string,
): OperationDefinitionNode {
  const operation = parsed.operation(operationName);
  if (operation === undefined) {
    throw refusal("BAD_USER_INPUT", "Could not determine what operation to execute.", { status: 400 });
  }
  if (method === "GET" && operation.operation === OperationTypeNode.MUTATION) {
    const message = "Can only perform a mutation operation from a POST request.";
    throw refusal("BAD_USER_INPUT", message, { status: 405, headers: { allow: "POST" } });
  }
  return operation;
}
