import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  validate,
} from "graphql";
import { createYoga, type GraphQLParams, type Plugin } from "graphql-yoga";
import type { Logger } from "pino";
import { createDocumentCache, noErrorCache } from "./execution/document-cache.ts";
import { executeOperation } from "./execution/execute-operation.ts";
import { readParams } from "./http/read-params.ts";
import { respond } from "./http/respond.ts";
import type { RequestLimits } from "./limits.ts";
import type { RequestRun } from "./request-run.ts";
import { parseDocument } from "./security/parse-document.ts";
import { asRefusal } from "./security/refusal.ts";
import type { Answer } from "./streaming/payload.ts";
import type { ConnectionPlaces } from "./subscriptions/connection-places.ts";
import { respondWithEvents } from "./subscriptions/respond-with-events.ts";
import type { SubscribeOptions } from "./subscriptions/subscribe-operation.ts";
import { subscribeOverHttp } from "./subscriptions/subscribe-over-http.ts";

export interface GraphQLHandlerOptions extends SubscribeOptions {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly isProduction: boolean;
  readonly limits: RequestLimits;
  readonly places: ConnectionPlaces;
  readonly heartbeatMs: number;
}

export interface GraphQLHandler {
  /** Answers a request over HTTP. */
  handle(request: Request, run: RequestRun): Promise<Response>;
  /**
   * The same parser and the same rules for an operation that came another way.
   *
   * @throws GraphQLError a refusal
   */
  prepare(params: GraphQLParams, run: RequestRun): DocumentNode | readonly GraphQLError[];
}

/** What Yoga carries through its stages for us. */
interface ServerContext {
  readonly run: RequestRun;
}

/**
 * GraphQL Yoga as the frame: it takes a request through its stages and hosts plugins. Each stage that matters is ours:
 * reading the request, parsing, execution, masking and the answer's format.
 */
export const createGraphQLHandler = (options: GraphQLHandlerOptions): GraphQLHandler => {
  const yoga = createYoga<ServerContext>({
    schema: options.schema,
    plugins: [useOwnParser(options), useOwnValidation(options), useOwnExecution(options), useOwnResponse(options)],
    // Told to the browser where the request comes in, so that it can read a refusal too.
    cors: false,
    logging: yogaLogger(options.logger),
    // Masked where the answer is written, where it is known which request it belongs to.
    maskedErrors: false,
    // Limited where the body is read.
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: noErrorCache },
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
  });
  return {
    handle: async (request, run) => yoga.fetch(request, { run }),
    prepare(params, run) {
      const { parse, validate, schema } = yoga.getEnveloped({ run, params });
      const document: DocumentNode = parse(params.query ?? "");
      const errors: readonly GraphQLError[] = validate(schema, document);
      return errors.length > 0 ? errors : document;
    },
  };
};

type OwnPlugin = Plugin<ServerContext, ServerContext>;

function useOwnParser({ limits }: GraphQLHandlerOptions): OwnPlugin {
  return {
    onRequestParse: ({ setRequestParser }) => setRequestParser((request) => readParams(request, limits.bodyBytes)),
    onParse({ context, setParseFn }) {
      setParseFn((source) => parseDocument(source, limits));
      return ({ result }) => {
        if (!("kind" in result)) return;
        const operation = getOperationAST(result, context.params.operationName);
        if (operation) context.run.report.setOperation(operation.name?.value, operation.operation);
      };
    },
  };
}

function useOwnValidation({ isProduction }: GraphQLHandlerOptions): OwnPlugin {
  const validateDocument: typeof validate = (schema, document, rules) =>
    validate(schema, document, rules, { hideSuggestions: isProduction }).map((error) =>
      asRefusal("GRAPHQL_VALIDATION_FAILED", error),
    );
  return {
    onValidate({ setValidationFn, addValidationRule }) {
      setValidationFn(validateDocument);
      if (isProduction) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

function useOwnExecution(options: GraphQLHandlerOptions): OwnPlugin {
  return {
    onExecute({ context, setExecuteFn }) {
      setExecuteFn((operation) => executeOperation(operation, context.run, options));
    },
    onSubscribe({ context, setSubscribeFn }) {
      setSubscribeFn((operation) => subscribeOverHttp(operation, context.run, options));
    },
  };
}

function useOwnResponse({ heartbeatMs }: GraphQLHandlerOptions): OwnPlugin {
  return {
    onResultProcess({ serverContext, setResultProcessor }) {
      setResultProcessor((result) => {
        if (Array.isArray(result)) throw new TypeError("A list of results came although batching is off.");
        const { run } = serverContext;
        const isSubscription = run.report.operationType === OperationTypeNode.SUBSCRIPTION;
        if (!isSubscription || !(Symbol.asyncIterator in result)) return respond(result as Answer, run);
        return respondWithEvents(result[Symbol.asyncIterator](), run, heartbeatMs);
      }, "*/*");
    },
  };
}

const yogaLogger = (logger: Logger) => ({
  debug: (...words: unknown[]) => logger.trace({ words }, "yoga"),
  info: (...words: unknown[]) => logger.debug({ words }, "yoga"),
  warn: (...words: unknown[]) => logger.warn({ words }, "yoga"),
  error: (...words: unknown[]) => logger.error({ words }, "yoga"),
});
