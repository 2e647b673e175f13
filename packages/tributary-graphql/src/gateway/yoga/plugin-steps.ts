import { GraphQLError } from "graphql";
import type { YogaServerInstance } from "graphql-yoga";
import type { ErrorCode } from "../../core/error-codes.ts";
import type { Operation } from "../execution/execute-operation.ts";
import { toGraphQLError } from "../execution/incremental-payloads.ts";
import type { PipelineSteps } from "../pipeline/steps.ts";
import type { CheckedDocuments, ParsedDocument } from "../security/checked-documents.ts";
import { asRefusal } from "../security/refusal.ts";
import type { Answer } from "../streaming/payload.ts";

type Enveloped = ReturnType<YogaServerInstance<object, object>["getEnveloped"]>;

/** The steps of one request with the hooks of plugins around them, in the order in which Yoga calls them. */
export class PluginSteps implements PipelineSteps {
  readonly #enveloped: Enveloped;
  readonly #documents: CheckedDocuments;

  constructor(enveloped: Enveloped, documents: CheckedDocuments) {
    this.#enveloped = enveloped;
    this.#documents = documents;
  }

  parse(text: string): ParsedDocument {
    return refusing("GRAPHQL_PARSE_FAILED", () => this.#documents.of(this.#enveloped.parse(text)));
  }

  validate({ document }: ParsedDocument): readonly GraphQLError[] {
    const { schema, validate } = this.#enveloped;
    return refusing("GRAPHQL_VALIDATION_FAILED", () => {
      const errors: readonly GraphQLError[] = validate(schema, document);
      return errors.map((error) => coded("GRAPHQL_VALIDATION_FAILED", error));
    });
  }

  execute(operation: Operation): Promise<Answer> {
    return this.#execute(this.#enveloped.execute, operation);
  }

  subscribe(operation: Operation): Promise<Answer> {
    return this.#execute(this.#enveloped.subscribe, operation);
  }

  async #execute(execute: Enveloped["execute"] | Enveloped["subscribe"], operation: Operation): Promise<Answer> {
    try {
      const contextValue = await this.#enveloped.contextFactory();
      return (await execute({ ...operation, contextValue })) as Answer;
    } catch (error) {
      return { errors: [coded("BAD_USER_INPUT", error)] };
    }
  }
}

function refusing<Value>(code: ErrorCode, step: () => Value): Value {
  try {
    return step();
  } catch (error) {
    throw coded(code, error);
  }
}

/**
 * The error of a plugin. A `GraphQLError` is meant for the client: one that says nothing of the response's code and status
 * gets them from the step in which it was thrown. Any other error stays unexpected, and is masked.
 */
function coded(code: ErrorCode, error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) return toGraphQLError(error);
  const { extensions, originalError } = error;
  return extensions.code || extensions.http || originalError ? error : asRefusal(code, error);
}
