import { GraphQLError, type GraphQLSchema, type OperationDefinitionNode, OperationTypeNode } from "graphql";
import { executeOperation } from "../execution/execute-operation.ts";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import type { RequestLimits } from "../limits.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { CheckedDocuments, type ParsedDocument } from "../security/checked-documents.ts";
import { refusal } from "../security/refusal.ts";
import type { Answer } from "../streaming/payload.ts";
import type { ConnectionPlaces } from "../subscriptions/connection-places.ts";
import type { EventStream } from "../subscriptions/event-stream.ts";
import type { SubscribeOptions } from "../subscriptions/subscribe-operation.ts";
import { subscribeOverHttp } from "../subscriptions/subscribe-over-http.ts";
import { clientLibraryOf } from "../telemetry/client-info.ts";
import type { OperationParams } from "./operation-params.ts";

export interface StageOptions extends SubscribeOptions {
  readonly schema: GraphQLSchema;
  readonly isProduction: boolean;
  readonly opensIntrospection: boolean;
  readonly limits: RequestLimits;
  readonly places: ConnectionPlaces;
}

/** An operation that may be executed: chosen from a valid document. */
export interface PreparedOperation {
  readonly parsed: ParsedDocument;
  readonly operation: OperationDefinitionNode;
  readonly params: OperationParams;
}

/**
 * What happens to an operation between the request and the answer, whichever way it came: over the direct lane, through
 * Yoga, or over a WebSocket. Parse, choose, validate; then execute. Each valid document is parsed and validated once.
 */
export class OperationStages {
  readonly #options: StageOptions;
  readonly #documents: CheckedDocuments;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#documents = new CheckedDocuments(options);
  }

  /** Parses, chooses the operation and validates. What is refused comes as its errors. */
  prepare(
    params: OperationParams,
    request: GraphQLRequest,
    method: string,
  ): PreparedOperation | readonly GraphQLError[] {
    try {
      request.report.setClientLibrary(clientLibraryOf(params.extensions));
      assertInTime(request);
      const parsed = this.#documents.parse(params.query);
      const operation = chosen(parsed, params, method);
      request.report.setOperation(operation.name?.value, operation.operation);
      request.operation = { schema: this.#options.schema, document: parsed.document, operation };
      const errors = this.#documents.validate(parsed);
      return errors.length > 0 ? errors : { parsed, operation, params };
    } catch (error) {
      return [error instanceof GraphQLError ? error : asGraphQLError(error)];
    }
  }

  /** Executes a query or a mutation. Does not throw for what happens in a resolver. */
  execute({ parsed, params }: PreparedOperation, request: GraphQLRequest): Answer | Promise<Answer> {
    return executeOperation(this.#operationOf(parsed, params), request, this.#options);
  }

  /** Answers any operation that came over HTTP. */
  answer(
    params: OperationParams,
    request: GraphQLRequest,
    method: string,
  ): Answer | EventStream | Promise<Answer | EventStream> {
    const prepared = this.prepare(params, request, method);
    if (!("operation" in prepared)) return { errors: prepared };
    if (prepared.operation.operation !== OperationTypeNode.SUBSCRIPTION) return this.execute(prepared, request);
    return subscribeOverHttp(this.#operationOf(prepared.parsed, params), request, this.#options);
  }

  #operationOf({ document }: ParsedDocument, { variables, operationName }: OperationParams) {
    return { schema: this.#options.schema, document, variableValues: variables, operationName };
  }
}

/**
 * A client may send its body for longer than the whole request may take. A mutation whose sources would all refuse had
 * better not begin.
 *
 * @throws GraphQLError a refusal
 */
function assertInTime({ lifetime }: GraphQLRequest): void {
  if (lifetime.ending === "deadline") throw lateBody();
}

export const lateBody = (): GraphQLError =>
  refusal("DEADLINE_EXCEEDED", "The request's deadline passed before all of it had arrived.", { status: 408 });

/** @throws GraphQLError a refusal */
function chosen(parsed: ParsedDocument, { operationName }: OperationParams, method: string): OperationDefinitionNode {
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
