import type { GraphQLError } from "graphql";
import type { YogaServerInstance } from "graphql-yoga";
import type { ErrorCode } from "../../core/error-codes.ts";
import type { Operation } from "../execution/execute-operation.ts";
import { deadlineError } from "../execution/execution-errors.ts";
import type { PipelineSteps } from "../pipeline/steps.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import type { CheckedDocuments, ParsedDocument } from "../security/checked-documents.ts";
import { type Answer, isStream, returnAtEnd } from "../streaming/payload.ts";
import { pluginFault } from "./plugin-fault.ts";
import { withinLifetime } from "./within-lifetime.ts";

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
      return errors.map((error) => pluginFault("GRAPHQL_VALIDATION_FAILED", error));
    });
  }

  execute(operation: Operation, request: GraphQLRequest): Promise<Answer> {
    return this.#withinLifetime(this.#execute(this.#enveloped.execute, operation), request);
  }

  subscribe(operation: Operation, request: GraphQLRequest): Promise<Answer> {
    return this.#withinLifetime(this.#execute(this.#enveloped.subscribe, operation), request);
  }

  async #withinLifetime(answering: Promise<Answer>, request: GraphQLRequest): Promise<Answer> {
    // A stream that comes late is returned: the request has ended by then.
    const drop = (late: Answer): void => {
      if (isStream(late)) returnAtEnd(late[Symbol.asyncIterator](), request.lifetime);
    };
    return (await withinLifetime(answering, request, drop)) ?? { data: null, errors: [deadlineError()] };
  }

  async #execute(execute: Enveloped["execute"] | Enveloped["subscribe"], operation: Operation): Promise<Answer> {
    try {
      const contextValue = await this.#enveloped.contextFactory();
      return withPluginFaults((await execute({ ...operation, contextValue })) as Answer);
    } catch (error) {
      return { errors: [pluginFault("BAD_USER_INPUT", error)] };
    }
  }
}

function refusing<Value>(code: ErrorCode, step: () => Value): Value {
  try {
    return step();
  } catch (error) {
    throw pluginFault(code, error);
  }
}

/** An error without a path is not of a field: a plugin has set it. */
function withPluginFaults(answer: Answer): Answer {
  if (isStream(answer) || answer.errors === undefined) return answer;
  const errors = answer.errors.map((error) => (error.path ? error : pluginFault("BAD_USER_INPUT", error)));
  return { ...answer, errors };
}
