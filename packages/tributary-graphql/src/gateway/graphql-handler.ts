import { OperationTypeNode } from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Logger } from "pino";
import type { OperationParams } from "./http/operation-params.ts";
import { readParams } from "./http/read-params.ts";
import { respond } from "./http/respond.ts";
import type { RequestLimits } from "./limits.ts";
import { lateBody, type OperationStages } from "./operation-stages.ts";
import type { RequestRun } from "./request-run.ts";
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
  readonly run: RequestRun;
  /** Set once the request was read. */
  params?: OperationParams;
}

/**
 * Answers a request as GraphQL over HTTP demands, with GraphQL Yoga as the frame: it looks after methods, addresses and
 * failures. What happens to an operation inside of it is `OperationStages`, the same as on every other way in.
 */
export function createGraphQLHandler(
  options: GraphQLHandlerOptions,
): (request: Request, run: RequestRun) => Promise<Response> {
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
  return async (request, run) => yoga.fetch(request, { run });
}

type OwnPlugin = Plugin<ServerContext, ServerContext>;

function useOwnStages({ limits, stages }: GraphQLHandlerOptions): OwnPlugin {
  return {
    onRequestParse({ setRequestParser, serverContext }) {
      setRequestParser(async (request) => {
        const { run } = serverContext;
        const late = Promise.withResolvers<never>();
        late.promise.catch(() => undefined);
        run.lifetime.onLate(() => late.reject(lateBody()));
        serverContext.params = await readParams(request, limits.bodyBytes, late.promise);
        run.lifetime.onLate(() => undefined);
        return { query: serverContext.params.query };
      });
    },
    async onParams({ request, context: { params, run }, setResult }) {
      if (params === undefined) throw new TypeError("A request was to be answered that had not been read.");
      setResult(await stages.answer(params, run, request.method));
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
