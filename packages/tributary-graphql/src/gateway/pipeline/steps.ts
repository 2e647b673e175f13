import type { GraphQLError } from "graphql";
import type { Operation } from "../execution/execute-operation.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import type { ParsedDocument } from "../security/checked-documents.ts";
import type { Answer } from "../streaming/payload.ts";

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
