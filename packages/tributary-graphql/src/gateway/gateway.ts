import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Coalescer, type CoalescingCounts } from "./coalescing/coalescer.ts";
import { CostEstimator } from "./cost/cost-estimator.ts";
import { createExecutor, type ExecutionCounts } from "./execution/breadth-first/execute.ts";
import { type CoalescingSettings, type GatewayOptions, withDefaults } from "./gateway-options.ts";
import { FastPath } from "./http/fast-path.ts";
import { createGraphiQL } from "./http/graphiql.ts";
import { type DrainedServer, Lifecycle } from "./http/lifecycle.ts";
import { createMetricsEndpoint } from "./http/metrics-endpoint.ts";
import { createNodeHandler } from "./http/node-handler.ts";
import { type Address, listen, type NodeServer, timeoutsWith } from "./http/node-server.ts";
import { OriginPolicy } from "./http/origin-policy.ts";
import { createRouter } from "./http/router.ts";
import { TrustedProxies } from "./http/trusted-proxies.ts";
import { Pipeline } from "./pipeline/pipeline.ts";
import { RateLimiter } from "./rate-limit/rate-limiter.ts";
import { Deadlines } from "./request/deadlines.ts";
import { DeclaredHeaders } from "./request/declared-headers.ts";
import { CheckedDocuments } from "./security/checked-documents.ts";
import type { GatewayServices } from "./services.ts";
import { ConnectionLimiter } from "./subscriptions/connection-limiter.ts";
import { type HookedAnswer, SocketOperations } from "./subscriptions/socket-operations.ts";
import { createWebSockets, type WebSockets } from "./subscriptions/web-sockets.ts";
import { type GatewayMetrics, Metrics } from "./telemetry/metrics/metrics.ts";
import type { MetricsOptions } from "./telemetry/metrics/metrics-options.ts";
import { stateFigures } from "./telemetry/metrics/state-figures.ts";
import { SecretInputs } from "./telemetry/secret-inputs.ts";
import {
  noTrustedDocuments,
  TrustedDocuments,
  type TrustedDocumentsCounts,
} from "./trusted-documents/trusted-documents.ts";
import type { TrustedDocumentsOptions } from "./trusted-documents/trusted-documents-options.ts";
import { YogaHost } from "./yoga/yoga-host.ts";
import { YogaPath } from "./yoga/yoga-path.ts";

export interface Gateway {
  /** How many operations were executed by a plan, and how many fell back to graphql-js, by reason, since the start. */
  readonly executions: ExecutionCounts;
  /** The counts of coalesced queries since the start. Zeros where coalescing is off. */
  readonly coalescing: CoalescingCounts;
  /** The counts of trusted documents since the start. Zeros where they are off. */
  readonly trustedDocuments: TrustedDocumentsCounts;
  /** What `/metrics` answers, for a server of your own. Undefined with `metrics: false`. */
  readonly metrics: GatewayMetrics | undefined;
  /** Answers a request through the whole stack, without a socket. */
  fetch(request: Request): Promise<Response>;
  /**
   * Answers a request of a `node:http` server of your own, as `listen` does: `/graphql` and what is below it, `/health/live`
   * and `/health/ready`; 404 for any other path. The body must not have been read. Needs no `this`.
   */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Opens a WebSocket at `/graphql` for the `upgrade` event of such a server, or says in HTTP why not. Needs no `this`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Listens over HTTP and WebSockets, and gives the address of `/graphql` there. Default: host 127.0.0.1, which only this
   * machine reaches, and port 4000; port 0 picks a free one.
   *
   * @throws one line that names HOST and PORT and says what is wrong with them
   */
  listen(address?: Partial<Address>): Promise<{ readonly url: string; readonly port: number }>;
  /** With `startsReady: false` every GraphQL request is answered with 503 until this is called. */
  markReady(): void;
  /**
   * Leaves new connections to the other processes on this port, and then closes. Clients of open connections see no
   * error: their requests are answered, and each answer asks its client to connect again.
   */
  retire(): Promise<void>;
  /**
   * Takes no more requests, and fulfils when the running ones, streams included, are answered, or the time is up. Of a server
   * of your own it closes the WebSockets; closing that server is yours.
   */
  close(): Promise<void>;
}

/**
 * Everything around a schema: HTTP, execution, streams, errors, limits, health and the log. A schema of graphql-js is all
 * that it needs, however it was built.
 *
 * @example
 * import { GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
 * import { createGateway } from "tributary-graphql";
 *
 * const schema = new GraphQLSchema({
 *   query: new GraphQLObjectType({
 *     name: "Query",
 *     fields: { hello: { type: GraphQLString, resolve: () => "world" } },
 *   }),
 * });
 *
 * const gateway = createGateway({ schema });
 * // Without an address it listens on http://127.0.0.1:4000.
 * const { url } = await gateway.listen({ port: 0 });
 * console.log(`listening on ${url}`);
 */
export function createGateway<TContext extends object = object>(options: GatewayOptions<TContext>): Gateway {
  const complete = withDefaults(options);
  const { logger, isProduction, limits, requestTimeoutMs, subscriptions } = complete;
  const lifecycle = new Lifecycle();
  if (complete.startsReady) lifecycle.markReady();
  const host = new YogaHost({ schema: complete.schema, logger, plugins: complete.plugins, services: () => services });
  const { schema, httpHooks } = host;
  const documents = new CheckedDocuments({
    schema,
    limits,
    isProduction,
    opensIntrospection: complete.opensIntrospection,
  });
  const { metrics: metricsOptions = {} } = options;
  const metrics = metricsOptions
    ? new Metrics(metricsOptions.operationNames, () =>
        stateFigures({
          running: lifecycle.running,
          webSockets: webSockets.counts,
          executions: services.executor.counts,
          coalescing: coalescer?.counts ?? noCoalescing,
        }),
      )
    : undefined;
  const services: GatewayServices = {
    schema,
    logger,
    isProduction,
    showsExceptions: complete.showsExceptions,
    showsCost: complete.showsCost,
    limits,
    documents,
    trustedDocuments: trustedDocumentsOf(options.trustedDocuments, documents),
    costs: new CostEstimator(schema, complete.maxCost === "off" ? undefined : complete.maxCost),
    executor: createExecutor(options.execution),
    createContext: (scope) => complete.createContext(scope),
    createCallLog() {
      const calls = complete.createCallLog();
      calls.observer = metrics?.calls;
      return calls;
    },
    metrics,
    deadlines: new Deadlines(requestTimeoutMs),
    lifecycle,
    declared: new DeclaredHeaders(options),
    secrets: new SecretInputs(complete.secretInputs),
    origins: new OriginPolicy({ isProduction, corsOrigins: options.corsOrigins, logger }),
    proxies: new TrustedProxies(options.trustedProxies),
    rateLimiter: options.rateLimit && new RateLimiter(options.rateLimit),
    connectionLimiter: new ConnectionLimiter(subscriptions.maxConnections, subscriptions.maxConnectionsPerClient),
    heartbeatMs: subscriptions.heartbeatMs,
  };
  const { proxies } = services;
  const pipeline = new Pipeline(services, host.stepsOf);
  const yogaPath = new YogaPath(services, pipeline, host);
  const coalescer = createCoalescer(options.coalescing, host);
  const fastPath = httpHooks.length === 0 ? new FastPath({ services, pipeline, coalescer }) : undefined;
  if (httpHooks.length > 0)
    logger.warn({ hooks: httpHooks }, "plugins with HTTP hooks send every request through Yoga");
  const route = createRouter({
    graphql: (request, clientAddress) => yogaPath.handle(request, clientAddress),
    elsewhere: httpHooks.length > 0 ? (request) => host.fetchElsewhere(request) : undefined,
    graphiql: complete.opensGraphiQL ? createGraphiQL(complete.graphiql) : undefined,
    metrics: metrics && metricsRoute(metrics, metricsOptions, isProduction),
    readiness: complete.readiness,
    readinessTimeoutMs: complete.readinessTimeoutMs,
    clusterState: options.clusterState ?? (() => ({ state: lifecycle.state, failed: {} })),
    origins: services.origins,
    logger,
  });
  const hookedAnswer: HookedAnswer = (...operation) => yogaPath.answerOnSocket(...operation);
  const operations = new SocketOperations(services, pipeline, httpHooks.length > 0 ? hookedAnswer : undefined);
  const webSockets = createWebSockets(services, operations, subscriptions);
  let server: NodeServer | undefined;
  const close = async () => {
    await lifecycle.drain(server ?? ofOthers(webSockets), complete.drainTimes);
    await host.dispose();
  };
  return {
    executions: services.executor.counts,
    get coalescing() {
      return coalescer?.counts ?? noCoalescing;
    },
    get trustedDocuments() {
      return services.trustedDocuments?.counts ?? noTrustedDocuments;
    },
    metrics,
    fetch: (request) => route(request),
    handle: createNodeHandler({
      handle: route,
      logger,
      areLeaving: () => lifecycle.state === "draining",
      fastPath,
      proxies,
    }),
    upgrade(request, socket, head) {
      proxies.clean(request);
      webSockets.upgrade(request, socket, head);
    },
    async listen({ host: hostName = "127.0.0.1", port = 4000 } = {}) {
      const timeouts = timeoutsWith(Math.max(requestTimeoutMs, subscriptions.heartbeatMs));
      const admission = { proxies, maxBodyBytes: limits.bodyBytes, connections: complete.connections };
      server = await listen(route, { host: hostName, port }, logger, timeouts, webSockets, fastPath, admission);
      return { url: `http://${hostInUrl(hostName)}:${server.port}/graphql`, port: server.port };
    },
    markReady: () => lifecycle.markReady(),
    async retire() {
      await server?.retire(complete.retireTimeoutMs);
      await close();
    },
    close,
  };
}

const trustedDocumentsOf = (options: TrustedDocumentsOptions = {}, documents: CheckedDocuments) =>
  (options.mode ?? "off") === "off" ? undefined : new TrustedDocuments(options, documents);

/** Unset where each request is executed by itself: with plugins too, which have to see each of them. */
function createCoalescer({ isOn = true }: CoalescingSettings = {}, { stepsOf }: YogaHost) {
  return isOn && stepsOf === undefined ? new Coalescer() : undefined;
}

const noCoalescing: CoalescingCounts = { executed: 0, coalesced: 0 };

/** Unset where the metrics are not served. */
function metricsRoute(metrics: Metrics, options: MetricsOptions | false, isProduction: boolean) {
  const { token, isServed = !isProduction || token !== undefined, clusterText } = options || {};
  if (!isServed) return undefined;
  return createMetricsEndpoint({ token, text: clusterText ?? (() => metrics.text()) });
}

/** For a server of the app's own, which closes the connections itself. */
const ofOthers = (webSockets: WebSockets): DrainedServer => ({
  leave: async () => webSockets.close(),
  close: async () => undefined,
  destroy: () => webSockets.destroy(),
});

/** A host that can be opened: the unspecified addresses mean every one of this machine's. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
