import type { GraphQLError } from "graphql";
import { executeOperation, type Operation } from "../execution/execute-operation.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import type { ParsedDocument } from "../security/checked-documents.ts";
import type { GatewayServices } from "../services.ts";
import type { Answer } from "../streaming/payload.ts";
import { subscribeOperation } from "../subscriptions/subscribe-operation.ts";

/** The steps that plugins have hooks for. */
export interface PipelineSteps {
  /** @throws GraphQLError a refusal */
  parse(text: string): ParsedDocument;
  /** Empty for a valid document. */
  validate(parsed: ParsedDocument): readonly GraphQLError[];
  /** Executes a query or a mutation. */
  execute(operation: Operation, request: GraphQLRequest): Answer | Promise<Answer>;
  subscribe(operation: Operation, request: GraphQLRequest): Answer | Promise<Answer>;
}

/** The steps without any plugin. */
export class EngineSteps implements PipelineSteps {
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
