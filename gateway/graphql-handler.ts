import { type GraphQLSchema, getOperationAST, NoSchemaIntrospectionCustomRule, validate } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Logger } from "pino";
import { createDocumentCache, noErrorCache } from "./execution/document-cache.ts";
import { executeOperation } from "./execution/execute-operation.ts";
import { readParams } from "./http/read-params.ts";
import { respond } from "./http/respond.ts";
import type { RequestLimits } from "./limits.ts";
import type { RequestRun } from "./request-run.ts";
import type { RequestScope } from "./request-scope.ts";
import { parseDocument } from "./security/parse-document.ts";
import { asRefusal } from "./security/refusal.ts";

export interface GraphQLHandlerOptions {
  readonly schema: GraphQLSchema;
  createContext(scope: RequestScope): object;
  readonly logger: Logger;
  readonly isProduction: boolean;
  readonly limits: RequestLimits;
}

/** What Yoga carries through its stages for us. */
interface ServerContext {
  readonly run: RequestRun;
}

/**
 * GraphQL Yoga as the frame: it takes a request through its stages and hosts plugins. Each stage that matters is ours:
 * reading the request, parsing, execution, masking and the answer's format.
 */
export const createGraphQLHandler = (options: GraphQLHandlerOptions) => {
  const yoga = createYoga<ServerContext>({
    schema: options.schema,
    plugins: [useOwnParser(options), useOwnValidation(options), useOwnExecution(options), useOwnResponse()],
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
  return async (request: Request, run: RequestRun): Promise<Response> => yoga.fetch(request, { run });
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

function useOwnExecution({ createContext, isProduction }: GraphQLHandlerOptions): OwnPlugin {
  return {
    onExecute({ context, setExecuteFn }) {
      setExecuteFn((operation) =>
        executeOperation(operation, context.run, { createContext, hideSuggestions: isProduction }),
      );
    },
  };
}

function useOwnResponse(): OwnPlugin {
  return {
    onResultProcess({ serverContext, setResultProcessor }) {
      setResultProcessor((result) => {
        if (Array.isArray(result)) throw new TypeError("A list of results came although batching is off.");
        return respond(result, serverContext.run);
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
