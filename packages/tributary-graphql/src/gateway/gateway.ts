import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import { CallLog } from "../core/call-log.ts";
import { type CoalescingCounts, Flights } from "./coalescing/flights.ts";
import { Deadlines } from "./deadlines.ts";
import { assertServable } from "./execution/assert-servable.ts";
import { createExecutor, type ExecutionCounts, type ExecutorOptions } from "./execution/breadth-first/execute.ts";
import { createGraphQLHandler } from "./graphql-handler.ts";
import { createDirectLane } from "./http/direct-lane.ts";
import { createGraphiQL, type GraphiQLSettings } from "./http/graphiql.ts";
import { createGraphQLEndpoint } from "./http/graphql-endpoint.ts";
import type { ReadinessChecks, WholeState } from "./http/health.ts";
import { Lifecycle } from "./http/lifecycle.ts";
import { type Address, listen, type NodeServer, patienceWith } from "./http/node-server.ts";
import { OriginPolicy } from "./http/origin-policy.ts";
import { createRouter } from "./http/router.ts";
import { TrustedProxies } from "./http/trusted-proxies.ts";
import { defaultLimits, type RequestLimits } from "./limits.ts";
import { OperationStages } from "./operation-stages.ts";
import type { RunScope } from "./request-run.ts";
import { ConnectionPlaces } from "./subscriptions/connection-places.ts";
import { defaultSubscriptionSettings, type SubscriptionSettings } from "./subscriptions/settings.ts";
import { createWebSockets } from "./subscriptions/web-sockets.ts";

export interface GatewayOptions<TContext extends object> {
  /** Must declare @defer and @stream. */
  readonly schema: GraphQLSchema;
  /** Called once a request, before its first resolver, and once an event of a subscription. What it throws is masked. */
  createContext(scope: RunScope): TContext;
  readonly logger: Logger;
  /**
   * Closes suggestions in messages and the call log, and, unless the settings for them say otherwise, GraphiQL,
   * introspection and CORS.
   */
  readonly isProduction: boolean;
  /**
   * Whether clients are told the message of an unexpected error and the place that threw it, as `extensions.exception`. For
   * development alone: without it they get an id, and the log has the rest. Default false.
   */
  readonly showsExceptions?: boolean;
  /** Whether browsers find GraphiQL at `/graphql`, and otherwise a page that says what is there. Default: not in production. */
  readonly opensGraphiQL?: boolean;
  /** Whether operations may ask for the schema. Default: not in production. */
  readonly opensIntrospection?: boolean;
  /**
   * Exact origins (`https://app.example.com`) whose pages may ask over HTTP and WebSockets, with credentials. Default: none
   * in production; otherwise any, with credentials for those of this machine.
   */
  readonly corsOrigins?: readonly string[];
  /** Addresses and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-…` headers count. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** From a request's first byte to its last payload, in milliseconds; of a subscription, for each event. */
  readonly requestTimeoutMs: number;
  readonly graphiql: GraphiQLSettings;
  /** What `/health/ready` asks, by the name that it reports. */
  readonly readiness: ReadinessChecks;
  /** After this, a check counts as failed. Default 2,000. */
  readonly readinessTimeoutMs?: number;
  /** How all processes are, where this is one of several that serve together. Default: how this gateway is. */
  readonly wholeState?: () => WholeState;
  /** How long `retire` leaves open connections to their clients, in milliseconds. Default 5,000. */
  readonly retireTimeoutMs?: number;
  /** How long `close` waits for running requests, in milliseconds. Default 10,000. */
  readonly drainTimeoutMs?: number;
  /**
   * How long `close` leaves connections open that no request is running on, in milliseconds: a client that keeps one may
   * send a request before it learns that it is to be closed. Such a request is answered. Default 2,000.
   */
  readonly idleGraceMs?: number;
  readonly limits?: Partial<RequestLimits>;
  readonly coalescing?: CoalescingSettings;
  readonly subscriptions?: Partial<SubscriptionSettings>;
  /** How operations are executed by their plans. */
  readonly execution?: ExecutorOptions;
  /** The call log of each request, for one that watches the calls or holds them back. Default: a new `CallLog`, with `limits.sourceCalls`. */
  readonly createCallLog?: () => CallLog;
}

/** Whether identical queries that are in flight at the same time are executed once, for all who ask. */
export interface CoalescingSettings {
  /** Default true. */
  readonly isOn?: boolean;
  /**
   * Names of further headers that no answer depends on. Requests that differ in any other header are executed each by
   * itself; those about the connection, the form of the answer and tracing are ignored anyway. Default none.
   */
  readonly ignoredHeaders?: readonly string[];
}

export interface Gateway {
  /** How many operations were executed by a plan, and how many by graphql-js and why, since the start. */
  readonly executions: ExecutionCounts;
  /** Of identical queries in flight, since the start. Zeros where coalescing is off. */
  readonly coalescing: CoalescingCounts;
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
  /**
   * Leaves new connections to the other processes on this port, and then closes. Clients of open connections notice
   * nothing: their requests are answered, and each answer tells its client to connect anew.
   */
  retire(): Promise<void>;
  /** Takes no more requests, and fulfils when the running ones, streams included, are answered, or the time is up. */
  close(): Promise<void>;
}

/** Everything around a schema: HTTP, execution, streams, errors, limits, health and the log. */
export function createGateway<TContext extends object>(options: GatewayOptions<TContext>): Gateway {
  assertServable(options.schema);
  const { logger, isProduction, requestTimeoutMs, readiness, readinessTimeoutMs = 2_000 } = options;
  const lifecycle = new Lifecycle();
  const settings = { ...defaultSubscriptionSettings, ...options.subscriptions };
  const limits = { ...defaultLimits, ...options.limits };
  const shared = {
    ...options,
    createCallLog: options.createCallLog ?? (() => new CallLog(performance.now(), limits.sourceCalls)),
    executor: createExecutor(options.execution),
    limits,
    places: new ConnectionPlaces(settings.maxConnections, settings.maxConnectionsPerClient),
    origins: new OriginPolicy(options),
    proxies: new TrustedProxies(options.trustedProxies),
    showsExceptions: options.showsExceptions ?? false,
    opensIntrospection: options.opensIntrospection ?? !isProduction,
    hideSuggestions: isProduction,
    deadlines: new Deadlines(requestTimeoutMs),
    heartbeatMs: settings.heartbeatMs,
    lifecycle,
  };
  const stages = new OperationStages(shared);
  const endpoint = createGraphQLEndpoint({ ...shared, handle: createGraphQLHandler({ ...shared, stages }) });
  const { isOn = true, ignoredHeaders } = options.coalescing ?? {};
  const flights = isOn ? new Flights(ignoredHeaders) : undefined;
  const direct = createDirectLane({ ...shared, stages, flights, handleRun: endpoint.handleRun });
  const route = createRouter({
    graphql: endpoint.handle,
    graphiql: (options.opensGraphiQL ?? !isProduction) ? createGraphiQL(options.graphiql) : undefined,
    readiness,
    readinessTimeoutMs,
    wholeState: options.wholeState ?? (() => ({ state: lifecycle.state, failed: {} })),
    logger,
    origins: shared.origins,
  });
  let server: NodeServer | undefined;
  const close = () =>
    lifecycle.drain(server, { timeoutMs: options.drainTimeoutMs ?? 10_000, idleGraceMs: options.idleGraceMs ?? 2_000 });
  return {
    executions: shared.executor.counts,
    get coalescing() {
      return flights?.counts ?? { executed: 0, coalesced: 0 };
    },
    fetch: (request) => route(request),
    async listen(address) {
      const webSockets = createWebSockets({ ...shared, stages, settings });
      const patience = patienceWith(Math.max(requestTimeoutMs, settings.heartbeatMs));
      const door = { proxies: shared.proxies, maxBodyBytes: shared.limits.bodyBytes };
      server = await listen(route, address, logger, patience, webSockets, direct, door);
      return { url: `http://${hostInUrl(address.host)}:${server.port}/graphql`, port: server.port };
    },
    markReady: () => lifecycle.markReady(),
    async retire() {
      await server?.retire(options.retireTimeoutMs ?? 5_000);
      await close();
    },
    close,
  };
}

/** A host that can be opened: the unspecified addresses mean every one of this machine's. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
