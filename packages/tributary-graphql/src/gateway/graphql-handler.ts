import { OperationTypeNode } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Logger } from "pino";
import { readParams } from "./http/read-params.ts";
import { respond } from "./http/respond.ts";
import type { RequestLimits } from "./limits.ts";
import type { OperationParams } from "./pipeline/operation-params.ts";
import { lateBody, type OperationStages } from "./pipeline/pipeline.ts";
import type { GraphQLRequest } from "./request/graphql-request.ts";
import type { Answer } from "./streaming/payload.ts";
import { respondWithEvents } from "./subscriptions/respond-with-events.ts";

export interface GraphQLHandlerOptions {
  readonly stages: OperationStages;
  readonly logger: Logger;
  readonly limits: RequestLimits;
  readonly heartbeatMs: number;
}

/** What Yoga carries through its stages for us. */
interface ServerContext {
  readonly graphqlRequest: GraphQLRequest;
  /** Set once the request was read. */
  params?: OperationParams;
}

/**
 * Answers a request as GraphQL over HTTP demands, with GraphQL Yoga as the frame: it looks after methods, addresses and
 * failures. What happens to an operation inside of it is `OperationStages`, the same as on every other way in.
 */
export function createGraphQLHandler(
  options: GraphQLHandlerOptions,
): (httpRequest: Request, request: GraphQLRequest) => Promise<Response> {
  const yoga = createYoga<ServerContext>({
    plugins: [useOwnStages(options), useOwnResponse(options)],
    // Told to the browser where the request comes in, so that it can read a refusal too.
    cors: false,
    logging: yogaLogger(options.logger),
    // Masked where the answer is written, where it is known which request it belongs to.
    maskedErrors: false,
    // Limited where the body is read.
    maxRequestBodySize: false,
    // Documents are remembered in the stages.
    parserAndValidationCache: false,
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
  });
  return async (httpRequest, request) => yoga.fetch(httpRequest, { graphqlRequest: request });
}

type OwnPlugin = Plugin<ServerContext, ServerContext>;

function useOwnStages({ limits, stages }: GraphQLHandlerOptions): OwnPlugin {
  return {
    onRequestParse({ setRequestParser, serverContext }) {
      setRequestParser(async (httpRequest) => {
        const { graphqlRequest: request } = serverContext;
        const late = Promise.withResolvers<never>();
        late.promise.catch(() => undefined);
        request.lifetime.onLate(() => late.reject(lateBody()));
        serverContext.params = await readParams(httpRequest, limits.bodyBytes, late.promise);
        request.lifetime.onLate(() => undefined);
        return { query: serverContext.params.query };
      });
    },
    async onParams({ request: httpRequest, context: { params, graphqlRequest }, setResult }) {
      if (params === undefined) throw new TypeError("A request was to be answered that had not been read.");
      setResult(await stages.answer(params, graphqlRequest, httpRequest.method));
    },
  };
}

function useOwnResponse({ heartbeatMs }: GraphQLHandlerOptions): OwnPlugin {
  return {
    onResultProcess({ serverContext, setResultProcessor }) {
      setResultProcessor((result) => {
        if (Array.isArray(result)) throw new TypeError("A list of results came although batching is off.");
        const { graphqlRequest: request } = serverContext;
        const isSubscription = request.report.operationType === OperationTypeNode.SUBSCRIPTION;
        if (!isSubscription || !(Symbol.asyncIterator in result)) return respond(result as Answer, request);
        return respondWithEvents(result[Symbol.asyncIterator](), request, heartbeatMs);
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
