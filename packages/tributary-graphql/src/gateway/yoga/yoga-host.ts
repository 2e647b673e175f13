import type { GraphQLSchema } from "graphql";
import { createYoga, type GraphQLParams, type Plugin, type YogaServerInstance } from "graphql-yoga";
import type { Logger } from "pino";
import type { OperationParams } from "../pipeline/operation-params.ts";
import type { StepsFactory } from "../pipeline/pipeline.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { type Answer, isStream } from "../streaming/payload.ts";
import { createEnginePlugin, defineGetter, type EngineServices, engineKey } from "./engine-plugin.ts";
import { pluginFault } from "./plugin-fault.ts";
import { assertUsable, PluginError, pluginsOf, usedHttpHooks } from "./plugin-hooks.ts";
import { PluginSteps } from "./plugin-steps.ts";

/** The pipeline's part in a request that Yoga takes from its `Request` to its `Response`. */
export interface YogaExchange {
  readonly request: GraphQLRequest;
  /** @throws GraphQLError a refusal */
  receive(httpRequest: Request): Promise<GraphQLParams>;
  /** @throws GraphQLError a refusal of parameters that name no operation, or have a wrong type */
  check(params: GraphQLParams): OperationParams;
  answer(params: OperationParams, method: string): Answer | Promise<Answer>;
  publish(answer: Answer): Response;
  /** The same for a plugin that writes the response itself. */
  mask(answer: Answer): Answer;
}

const exchangeKey = Symbol("exchange");

interface ServerContext {
  readonly [exchangeKey]?: YogaExchange;
}

export interface YogaHostOptions {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** As `createGateway` got them. */
  readonly plugins: readonly unknown[];
  /** Called for each request of a gateway with plugins. */
  services(): EngineServices;
}

/** GraphQL Yoga, as the frame of requests that do not take the fast path, and as the host of plugins. */
export class YogaHost {
  /** With the changes that plugins made to it. */
  readonly schema: GraphQLSchema;
  /** The HTTP hooks that plugins have, each once. With any, every request has to go through Yoga. */
  readonly httpHooks: readonly string[];
  /** Unset without plugins. */
  readonly stepsOf: StepsFactory | undefined;
  readonly #yoga: YogaServerInstance<ServerContext, Record<string, unknown>>;

  /** @throws PluginError for a plugin that cannot work here */
  constructor({ schema, logger, plugins, services }: YogaHostOptions) {
    const own = pluginsOf(plugins);
    let served = schema;
    let hosted: readonly Plugin[] = own;
    const frame = framePlugins({
      onSchema: (changed) => {
        if (isStarted)
          logger.warn("a plugin replaced the schema after the start: the gateway serves the one that it started with");
        else served = changed;
      },
      onPlugins: (all) => {
        assertUsable(all);
        hosted = all;
      },
    });
    let isStarted = false;
    const yoga = createYoga<ServerContext>({
      schema,
      plugins: [frame.first, createEnginePlugin(), ...own, frame.last],
      // CORS is decided where the request arrives, so that a browser can read a refusal too.
      cors: false,
      logging: yogaLogger(logger),
      // Errors are masked where the answer is written, where its request is known.
      maskedErrors: false,
      // The body is limited where it is read.
      maxRequestBodySize: false,
      // The pipeline caches documents.
      parserAndValidationCache: false,
      graphiql: false,
      landingPage: false,
      batching: false,
      multipart: false,
    });
    isStarted = true;
    this.httpHooks = usedHttpHooks(hosted);
    this.schema = served;
    this.#yoga = yoga as YogaServerInstance<ServerContext, Record<string, unknown>>;
    if (!(served instanceof schema.constructor)) {
      throw new PluginError(
        "A plugin replaced the schema with one of another copy of graphql. Install one copy: npm ls graphql.",
      );
    }
    this.stepsOf =
      own.length === 0
        ? undefined
        : (request, params, engine) => {
            const context = request.pluginContext ?? contextOf(request, params, this.#yoga.waitUntil);
            const { documents, createContext } = services();
            Object.assign(context, { [engineKey]: { request, engine, documents, createContext } });
            return new PluginSteps(this.#yoga.getEnveloped(context), documents);
          };
  }

  /** Answers a request of `/graphql`. */
  async fetch(httpRequest: Request, exchange: YogaExchange): Promise<Response> {
    return this.#yoga.fetch(httpRequest, { [exchangeKey]: exchange });
  }

  /** Answers a request of another path, which a plugin may serve; 404 where none does. */
  async fetchElsewhere(httpRequest: Request): Promise<Response> {
    return this.#yoga.fetch(httpRequest);
  }

  /** Lets plugins release their resources. */
  async dispose(): Promise<void> {
    await this.#yoga.dispose();
  }
}

/** The members that Yoga gives a plugin's context. The `Request` is made when a plugin asks for it. */
function contextOf(
  { client, lifetime, declared }: GraphQLRequest,
  params: OperationParams,
  waitUntil: unknown,
): object {
  const context = { params, waitUntil };
  let request: Request | undefined;
  defineGetter(context, "request", () => {
    request ??= client.toRequest(lifetime.clientSignal, declared.headersForPlugins(client.headers));
    return request;
  });
  return context;
}

interface FrameEvents {
  onSchema(schema: GraphQLSchema): void;
  /** The app's plugins, and those that they have added. */
  onPlugins(plugins: readonly Plugin[]): void;
}

/**
 * The plugins around those of the app. The first one sets how a request is read and answered, which a plugin of the app may
 * then replace or wrap; the last one checks what came of it, and publishes.
 */
function framePlugins({ onSchema, onPlugins }: FrameEvents) {
  const first: Plugin<Record<string, unknown>, ServerContext> = {
    onRequestParse({ setRequestParser, serverContext }) {
      setRequestParser((httpRequest) => exchangeOf(serverContext).receive(httpRequest));
    },
    onParams({ setParamsHandler }) {
      setParamsHandler(({ params, request: httpRequest, context }) => {
        const exchange = exchangeOf(context);
        Object.assign(context, { request: httpRequest, params });
        exchange.request.pluginContext = context;
        return exchange.answer(exchange.check(params), httpRequest.method) as never;
      });
    },
    onResultProcess({ setResultProcessor }) {
      setResultProcessor(unset, "*/*");
    },
  };
  const last: Plugin<Record<string, unknown>, ServerContext> = {
    onPluginInit({ plugins }) {
      const all: readonly unknown[] = plugins;
      // The engine's own plugin stands behind the first one.
      onPlugins(all.slice(all.indexOf(first) + 2, all.indexOf(last)) as readonly Plugin[]);
    },
    onSchemaChange({ schema }) {
      onSchema(schema);
    },
    onRequest({ serverContext, endResponse, fetchAPI }) {
      // Of another path: no plugin has answered it, and Yoga would take one that ends in /graphql for its own.
      if (serverContext?.[exchangeKey] === undefined) endResponse(new fetchAPI.Response(null, { status: 404 }));
    },
    onParams({ params, setParams, context }) {
      setParams(exchangeOf(context).check(params) as GraphQLParams);
    },
    onResultProcess({ resultProcessor, setResultProcessor, serverContext }) {
      const exchange = exchangeOf(serverContext);
      if (resultProcessor === undefined || resultProcessor === unset) {
        setResultProcessor((result) => exchange.publish(singleResult(result)), "*/*");
      } else {
        setResultProcessor(
          (result, ...rest) => resultProcessor(exchange.mask(singleResult(result)) as never, ...rest),
          "*/*",
        );
      }
    },
  };
  return { first, last };
}

/** Replaced before it is called. */
const unset = (): never => {
  throw new TypeError("A result was to be published without a format.");
};

/** Errors without data may be those of a hook. */
function singleResult(result: unknown): Answer {
  if (Array.isArray(result))
    throw new TypeError("A plugin answered with a list of results, but batching is not supported.");
  const answer = result as Answer;
  if (isStream(answer) || answer.errors === undefined || "data" in answer) return answer;
  return { ...answer, errors: answer.errors.map((error) => pluginFault("BAD_USER_INPUT", error)) };
}

function exchangeOf(context: ServerContext): YogaExchange {
  const exchange = context[exchangeKey];
  if (exchange === undefined) throw new TypeError("A plugin sent Yoga a request that did not come from a client.");
  return exchange;
}

const yogaLogger = (logger: Logger) => ({
  debug: (...words: unknown[]) => logger.trace({ words }, "yoga"),
  info: (...words: unknown[]) => logger.debug({ words }, "yoga"),
  warn: (...words: unknown[]) => logger.warn({ words }, "yoga"),
  error: (...words: unknown[]) => logger.error({ words }, "yoga"),
});
