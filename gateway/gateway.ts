import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import { assertServable } from "./execution/assert-servable.ts";
import { createGraphQLHandler } from "./graphql-handler.ts";
import { type GraphiQLSettings, graphiqlPage } from "./http/graphiql.ts";
import { createGraphQLEndpoint } from "./http/graphql-endpoint.ts";
import type { ReadinessChecks } from "./http/health.ts";
import { Lifecycle } from "./http/lifecycle.ts";
import { type Address, listen, type NodeServer, patienceWith } from "./http/node-server.ts";
import { createRouter } from "./http/router.ts";
import { defaultLimits, type RequestLimits } from "./limits.ts";
import type { RequestScope } from "./request-scope.ts";
import { ConnectionPlaces } from "./subscriptions/connection-places.ts";
import { defaultSubscriptionSettings, type SubscriptionSettings } from "./subscriptions/settings.ts";
import { createWebSockets } from "./subscriptions/web-sockets.ts";
import { CallLog } from "./telemetry/call-log.ts";

export interface GatewayOptions<TContext extends object> {
  /** Must declare @defer and @stream. */
  readonly schema: GraphQLSchema;
  /** Called once a request, before its first resolver, and once an event of a subscription. What it throws is masked. */
  createContext(scope: RequestScope): TContext;
  readonly logger: Logger;
  /** Closes GraphiQL, introspection, suggestions in messages, CORS and the call log. */
  readonly isProduction: boolean;
  /** From a request's first byte to its last payload, in milliseconds; of a subscription, for each event. */
  readonly requestTimeoutMs: number;
  readonly graphiql: GraphiQLSettings;
  /** What `/health/ready` asks, by the name that it reports. */
  readonly readiness: ReadinessChecks;
  /** After this, a check counts as failed. Default 2,000. */
  readonly readinessTimeoutMs?: number;
  /** How long `close` waits for running requests, in milliseconds. Default 10,000. */
  readonly drainTimeoutMs?: number;
  readonly limits?: Partial<RequestLimits>;
  readonly subscriptions?: Partial<SubscriptionSettings>;
  /** The call log of each request, for one that watches the calls or holds them back. Default: a new `CallLog`. */
  readonly createCallLog?: () => CallLog;
}

export interface Gateway {
  /** Answers a request through the whole stack, without a socket. */
  fetch(request: Request): Promise<Response>;
  /**
   * Listens over HTTP and gives the address of `/graphql` there.
   *
   * @throws one line that names HOST and PORT and says what is wrong with them
   */
  listen(address: Address): Promise<{ readonly url: string; readonly port: number }>;
  /** Until this is called every GraphQL request is answered with 503. */
  markReady(): void;
  /** Takes no more requests, and fulfils when the running ones, streams included, are answered, or the time is up. */
  close(): Promise<void>;
}

/** Everything around a schema: HTTP, execution, streams, errors, limits, health and the log. */
export function createGateway<TContext extends object>(options: GatewayOptions<TContext>): Gateway {
  assertServable(options.schema);
  const { logger, isProduction, requestTimeoutMs, readiness, readinessTimeoutMs = 2_000 } = options;
  const lifecycle = new Lifecycle();
  const settings = { ...defaultSubscriptionSettings, ...options.subscriptions };
  const shared = {
    ...options,
    createCallLog: options.createCallLog ?? (() => new CallLog()),
    limits: { ...defaultLimits, ...options.limits },
    places: new ConnectionPlaces(settings.maxConnections),
    hideSuggestions: isProduction,
    eventTimeoutMs: requestTimeoutMs,
    heartbeatMs: settings.heartbeatMs,
    lifecycle,
  };
  const { handle, prepare } = createGraphQLHandler(shared);
  const graphql = createGraphQLEndpoint({ ...shared, handle });
  const route = createRouter({
    graphql,
    graphiql: isProduction ? undefined : graphiqlPage(options.graphiql),
    readiness,
    readinessTimeoutMs,
    lifecycle,
    logger,
  });
  let server: NodeServer | undefined;
  return {
    fetch: route,
    async listen(address) {
      const webSockets = createWebSockets({ ...shared, prepare, settings });
      const patience = patienceWith(Math.max(requestTimeoutMs, settings.heartbeatMs));
      server = await listen(route, address, logger, patience, webSockets);
      return { url: `http://${hostInUrl(address.host)}:${server.port}/graphql`, port: server.port };
    },
    markReady: () => lifecycle.markReady(),
    close: () => lifecycle.drain(server, options.drainTimeoutMs ?? 10_000),
  };
}

/** A host that can be opened: the unspecified addresses mean every one of this machine's. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
