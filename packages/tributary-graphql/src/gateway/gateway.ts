import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type CoalescingCounts, Flights } from "./coalescing/flights.ts";
import { createExecutor, type ExecutionCounts } from "./execution/breadth-first/execute.ts";
import { type GatewayOptions, withDefaults } from "./gateway-options.ts";
import { createGraphQLHandler } from "./graphql-handler.ts";
import { createDirectLane } from "./http/direct-lane.ts";
import { createGraphiQL } from "./http/graphiql.ts";
import { createGraphQLEndpoint } from "./http/graphql-endpoint.ts";
import { type DrainedServer, Lifecycle } from "./http/lifecycle.ts";
import { createNodeHandler } from "./http/node-handler.ts";
import { type Address, listen, type NodeServer, patienceWith } from "./http/node-server.ts";
import { OriginPolicy } from "./http/origin-policy.ts";
import { createRouter } from "./http/router.ts";
import { TrustedProxies } from "./http/trusted-proxies.ts";
import { OperationStages } from "./pipeline/pipeline.ts";
import { Deadlines } from "./request/deadlines.ts";
import { ConnectionPlaces } from "./subscriptions/connection-places.ts";
import { createWebSockets, type WebSockets } from "./subscriptions/web-sockets.ts";

export interface Gateway {
  /** How many operations were executed by a plan, and how many by graphql-js and why, since the start. */
  readonly executions: ExecutionCounts;
  /** Of identical queries in flight, since the start. Zeros where coalescing is off. */
  readonly coalescing: CoalescingCounts;
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
   * Leaves new connections to the other processes on this port, and then closes. Clients of open connections notice
   * nothing: their requests are answered, and each answer tells its client to connect anew.
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
  const { logger, isProduction, requestTimeoutMs, subscriptions: settings } = complete;
  const lifecycle = new Lifecycle();
  if (complete.startsReady) lifecycle.markReady();
  const shared = {
    ...complete,
    executor: createExecutor(options.execution),
    places: new ConnectionPlaces(settings.maxConnections, settings.maxConnectionsPerClient),
    origins: new OriginPolicy(complete),
    proxies: new TrustedProxies(options.trustedProxies),
    hideSuggestions: isProduction,
    deadlines: new Deadlines(requestTimeoutMs),
    heartbeatMs: settings.heartbeatMs,
    lifecycle,
  };
  const stages = new OperationStages(shared);
  const endpoint = createGraphQLEndpoint({ ...shared, handle: createGraphQLHandler({ ...shared, stages }) });
  const { isOn = true, ignoredHeaders } = options.coalescing ?? {};
  const flights = isOn ? new Flights(ignoredHeaders) : undefined;
  const direct = createDirectLane({ ...shared, stages, flights, handleStarted: endpoint.handleStarted });
  const route = createRouter({
    ...shared,
    graphql: endpoint.handle,
    graphiql: complete.opensGraphiQL ? createGraphiQL(complete.graphiql) : undefined,
    wholeState: options.wholeState ?? (() => ({ state: lifecycle.state, failed: {} })),
  });
  const webSockets = createWebSockets({ ...shared, stages, settings });
  let server: NodeServer | undefined;
  const close = () => lifecycle.drain(server ?? ofOthers(webSockets), complete.drainTimes);
  return {
    executions: shared.executor.counts,
    get coalescing() {
      return flights?.counts ?? { executed: 0, coalesced: 0 };
    },
    fetch: (request) => route(request),
    handle: createNodeHandler({
      ...shared,
      handle: route,
      direct,
      areLeaving: () => lifecycle.state === "draining",
    }),
    upgrade(request, socket, head) {
      shared.proxies.clean(request);
      webSockets.upgrade(request, socket, head);
    },
    async listen({ host = "127.0.0.1", port = 4000 } = {}) {
      const patience = patienceWith(Math.max(requestTimeoutMs, settings.heartbeatMs));
      const door = { proxies: shared.proxies, maxBodyBytes: shared.limits.bodyBytes };
      server = await listen(route, { host, port }, logger, patience, webSockets, direct, door);
      return { url: `http://${hostInUrl(host)}:${server.port}/graphql`, port: server.port };
    },
    markReady: () => lifecycle.markReady(),
    async retire() {
      await server?.retire(complete.retireTimeoutMs);
      await close();
    },
    close,
  };
}

/** What there is to close where the server is somebody else's, who closes the connections. */
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
