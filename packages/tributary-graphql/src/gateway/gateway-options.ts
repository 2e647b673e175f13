import type { Plugin as EnvelopPlugin } from "@envelop/core";
import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import { CallLog } from "../core/call-log.ts";
import { defaultMaxCost } from "./cost/cost-estimator.ts";
import type { ExecutorOptions } from "./execution/breadth-first/execute.ts";
import { withIncremental } from "./execution/incremental-directives.ts";
import { type ConnectionLimits, defaultConnectionLimits } from "./http/connection-limits.ts";
import type { GraphiQLSettings } from "./http/graphiql.ts";
import type { ClusterState, ReadinessChecks } from "./http/health.ts";
import { defaultLimits, type RequestLimits } from "./limits.ts";
import type { RateLimitOptions } from "./rate-limit/rate-limit-options.ts";
import type { DeclaredHeadersOptions } from "./request/declared-headers.ts";
import type { GraphQLRequestScope } from "./request/graphql-request.ts";
import { defaultSubscriptionSettings, type SubscriptionSettings } from "./subscriptions/settings.ts";
import { createDefaultLogger } from "./telemetry/default-logger.ts";
import type { MetricsOptions } from "./telemetry/metrics/metrics-options.ts";
import type { TrustedDocumentsOptions } from "./trusted-documents/trusted-documents-options.ts";

/** Only the schema is needed. Times are in milliseconds. */
export interface GatewayOptions<TContext extends object = object> extends DeclaredHeadersOptions {
  /** `@defer` and `@stream` are added where it does not declare them; the given schema is not changed. */
  readonly schema: GraphQLSchema;
  /**
   * Called once per request, before its first resolver, and once per event of a subscription. What it throws is masked.
   * Default: an empty object, a new one each time.
   */
  createContext?(scope: GraphQLRequestScope): TContext;
  /**
   * Default: warnings and errors as JSON lines to standard error. Each request leaves a line at `info`, and each call to a
   * source at `debug`: `pino()` shows the first.
   */
  readonly logger?: Logger;
  /**
   * Closes suggestions in messages and the call log, and, unless the settings for them say otherwise, GraphiQL,
   * introspection and CORS. Default: whether `NODE_ENV` is `production`.
   */
  readonly isProduction?: boolean;
  /**
   * Whether clients get the message and the stack of an unexpected error, as `extensions.exception`. For
   * development alone: without it they get an id, and the log has the rest. Default false.
   */
  readonly showsExceptions?: boolean;
  /**
   * Whether browsers find GraphiQL at `/graphql`, and otherwise a page that says what is there. Default: not in production, nor
   * where only trusted documents are executed.
   */
  readonly opensGraphiQL?: boolean;
  /** Whether introspection is allowed. Default: not in production. */
  readonly opensIntrospection?: boolean;
  /**
   * Exact origins (`https://app.example.com`) whose pages may ask over HTTP and WebSockets, with credentials. Default: none
   * in production; otherwise any, with credentials for those of this machine.
   */
  readonly corsOrigins?: readonly string[];
  /** Addresses and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-…` headers count. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** From a request's first byte to its last payload; of a subscription, for each event. Default 10,000. */
  readonly requestTimeoutMs?: number;
  /** Default: the title `GraphiQL`, and no tabs. */
  readonly graphiql?: Partial<GraphiQLSettings>;
  /** Whether requests are answered at once. False for an app that opens its sources first and then calls `markReady`. Default true. */
  readonly startsReady?: boolean;
  /** The checks of `/health/ready`, by the name that it reports. Default: nothing. */
  readonly readiness?: ReadinessChecks;
  /** After this, a check counts as failed. Default 2,000. */
  readonly readinessTimeoutMs?: number;
  /** How all processes are, where this is one of several that serve together. Default: how this gateway is. */
  readonly clusterState?: () => ClusterState;
  /** How long `retire` leaves open connections to their clients. Default 5,000. */
  readonly retireTimeoutMs?: number;
  /** How long `close` waits for running requests. Default 10,000. */
  readonly drainTimeoutMs?: number;
  /**
   * How long `close` leaves connections open that no request is running on: a client that keeps one may
   * send a request before it learns that it is to be closed. Such a request is answered. Default 2,000.
   */
  readonly idleGraceMs?: number;
  readonly limits?: Partial<RequestLimits>;
  /**
   * The most that one operation may be estimated to cost, and of a subscription one event, at least 1. One that costs more is
   * refused with `LIMIT_EXCEEDED` before anything is executed. `off` for no limit. Default 10,000.
   */
  readonly maxCost?: number | "off";
  /**
   * Whether a client that sends `x-tributary-cost: 1` gets the estimated and the actual cost of its operation: in
   * `extensions.cost`, and in the response header `x-tributary-cost`. Default: not in production.
   */
  readonly showsCost?: boolean;
  readonly coalescing?: CoalescingSettings;
  /** The documents that clients may send by id, by hash and by text, and whether others are executed. Default: off. */
  readonly trustedDocuments?: TrustedDocumentsOptions;
  /** A token bucket for each client, in units of the estimated cost of operations. Default: no limit. */
  readonly rateLimit?: RateLimitOptions | undefined;
  /**
   * Names of variables, arguments and input fields, in any case, whose values no log line of the gateway has: where an error's message
   * or stack has one, `…` replaces it. The same holds for the client's `authorization` and cookies. It replaces the default:
   * `password`, `secret`, `token`.
   */
  readonly secretInputs?: readonly string[];
  readonly subscriptions?: Partial<SubscriptionSettings>;
  /** Figures for Prometheus, at `/metrics`. `false` counts nothing. */
  readonly metrics?: MetricsOptions | false;
  /**
   * How many connections `listen` keeps open at once, in all (`max`, default 10,000) and of one client address (`maxPerClient`,
   * default 1,000). Further ones are closed at once. A server of your own has its own limits.
   */
  readonly connections?: Partial<ConnectionLimits>;
  /**
   * Plugins of Envelop and of GraphQL Yoga, in the order in which their hooks are called. The hooks of Envelop run on every
   * path; one HTTP hook (`onRequest`, `onRequestParse`, `onParams`, `onExecutionResult`, `onResultProcess`, `onResponse`, or
   * `instrumentation` of these) sends every request through Yoga, which the log says at the start. With plugins, identical
   * queries are executed each by itself. `false`, `null` and `undefined` stand for no plugin. Default: none.
   */
  readonly plugins?: readonly GatewayPlugin[];
  /** How operations are executed by their plans. */
  readonly execution?: ExecutorOptions;
  /** The call log of each request, for one that watches the calls or holds them back. Default: a new `CallLog`, with `limits.sourceCalls`. */
  readonly createCallLog?: () => CallLog;
}

/** A plugin of Envelop or of GraphQL Yoga 5. */
// biome-ignore lint/suspicious/noExplicitAny: each plugin has its own idea of the context, which no other type fits.
export type GatewayPlugin = (EnvelopPlugin<any> & YogaHooks) | false | null | undefined;

/**
 * The hooks that a plugin of Yoga may have beside those of Envelop. For the types of their parameters, declare a plugin as
 * `Plugin` of `graphql-yoga`: it is not imported here, since its declarations need `skipLibCheck` (they import lru-cache 10), and
 * an app without plugins would need it too.
 */
export interface YogaHooks {
  readonly onYogaInit?: YogaHook;
  readonly onRequest?: YogaHook;
  readonly onRequestParse?: YogaHook;
  readonly onParams?: YogaHook;
  readonly onExecutionResult?: YogaHook;
  readonly onResultProcess?: YogaHook;
  readonly onResponse?: YogaHook;
  readonly onDispose?: YogaHook;
  readonly instrumentation?: object;
}

// biome-ignore lint/suspicious/noExplicitAny: see YogaHooks.
type YogaHook = (...parameters: any[]) => any;

/**
 * Whether identical queries that are in flight at the same time are executed once, for all of their clients: queries of equal text
 * whose declared headers, cookies and addresses are equal.
 */
export interface CoalescingSettings {
  /** Default true. */
  readonly isOn?: boolean;
}

/** The options, with the defaults of those that are not given. */
export function withDefaults<TContext extends object>(options: GatewayOptions<TContext>) {
  const isProduction = options.isProduction ?? process.env.NODE_ENV === "production";
  const limits = { ...defaultLimits, ...options.limits };
  return {
    ...options,
    schema: withIncremental(options.schema),
    createContext: options.createContext ?? emptyContext,
    logger: options.logger ?? createDefaultLogger(),
    isProduction,
    showsExceptions: options.showsExceptions ?? false,
    opensGraphiQL: options.opensGraphiQL ?? (!isProduction && options.trustedDocuments?.mode !== "only"),
    opensIntrospection: options.opensIntrospection ?? !isProduction,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    graphiql: { title: "GraphiQL", tabs: [], ...options.graphiql },
    startsReady: options.startsReady ?? true,
    readiness: options.readiness ?? {},
    readinessTimeoutMs: options.readinessTimeoutMs ?? 2_000,
    retireTimeoutMs: options.retireTimeoutMs ?? 5_000,
    drainTimes: { timeoutMs: options.drainTimeoutMs ?? 10_000, idleGraceMs: options.idleGraceMs ?? 2_000 },
    limits,
    showsCost: options.showsCost ?? !isProduction,
    maxCost: options.maxCost ?? defaultMaxCost,
    plugins: options.plugins ?? [],
    subscriptions: { ...defaultSubscriptionSettings, ...options.subscriptions },
    secretInputs: options.secretInputs ?? ["password", "secret", "token"],
    connections: { ...defaultConnectionLimits, ...options.connections },
    createCallLog: options.createCallLog ?? (() => new CallLog(performance.now(), limits.sourceCalls)),
  };
}

const emptyContext = (): object => ({});
