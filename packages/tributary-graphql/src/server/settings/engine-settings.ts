import { availableParallelism } from "node:os";
import {
  defaultManifest,
  type TrustedDocumentsMode,
} from "../../gateway/trusted-documents/trusted-documents-options.ts";
import type { SettingsByName, ValuesOf } from "./setting.ts";
import {
  host,
  listOf,
  network,
  oneOf,
  onOrOff,
  origin,
  path,
  type RateLimitValue,
  rateLimit,
  redisUrl,
  secretToken,
  type ValueKind,
  wholeNumber,
  wholeNumberOrOff,
} from "./value-kinds.ts";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

const numberOfWorkers = wholeNumber(1, 64);

const workers: ValueKind<number> = {
  expected: `${numberOfWorkers.expected}, or auto for one per core`,
  parse: (text) => (text === "auto" ? Math.min(64, availableParallelism()) : numberOfWorkers.parse(text)),
};

/** The settings of the engine, which every app has. */
export const engineSettings = {
  HOST: { meaning: "the address to listen on", kind: host, default: "127.0.0.1" },
  PORT: { meaning: "the port; 0 picks a free one", kind: wholeNumber(0, 65_535), default: 4000 },
  WORKERS: { meaning: "how many processes serve the port; auto for one per core", kind: workers, default: 1 },
  NODE_ENV: {
    meaning: "production turns off GraphiQL, introspection, cross-origin requests and the call log",
    kind: oneOf(["development", "production", "test"]),
    default: "development",
  },
  REQUEST_TIMEOUT_MS: {
    meaning: "the deadline of a request, and of each event of a subscription",
    kind: wholeNumber(1, 600_000),
    default: 10_000,
  },
  CORS_ORIGINS: {
    meaning: "exact origins, separated by commas, that may send requests; unset: any, in production none",
    kind: listOf(origin),
  },
  TRUSTED_PROXIES: {
    meaning: "addresses or networks of trusted proxies (X-Forwarded-… headers), separated by commas",
    kind: listOf(network),
    default: [],
  },
  MAX_COST: {
    meaning: "the most that one operation may be estimated to cost; off for no limit",
    kind: wholeNumberOrOff(1, 999_999_999),
    default: 10_000,
  },
  SHOW_COST: {
    meaning:
      "on or off; on by default, but not in production: requests with x-tributary-cost: 1 get the cost of their operation",
    kind: onOrOff,
  },
  RATE_LIMIT: {
    meaning: "the cost per minute that a client may ask for, as 6000 or, with a burst, 6000/1000; unset: no limit",
    kind: rateLimit,
  },
  REDIS_URL: {
    meaning: "the Redis in which several processes share their rate limits; unset: none",
    kind: redisUrl,
  },
  TRUSTED_DOCUMENTS: {
    meaning: "which documents are executed: only trusted ones, or any (prefer, off); off knows no trusted ones",
    kind: oneOf(["only", "prefer", "off"]),
    default: "off",
  },
  TRUSTED_DOCUMENT_FILES: {
    meaning: "the manifests of the trusted documents, separated by commas, the newest first",
    kind: listOf(path),
    default: [defaultManifest],
  },
  GRAPHIQL: {
    meaning: "on or off; on by default, but not in production, nor with TRUSTED_DOCUMENTS=only",
    kind: onOrOff,
  },
  INTROSPECTION: { meaning: "on or off; on by default, but not in production", kind: onOrOff },
  METRICS: {
    meaning:
      "on or off; on by default: /metrics has figures for Prometheus, in production with a token or a port of its own",
    kind: onOrOff,
    default: true,
  },
  METRICS_PORT: {
    meaning: "the port of /metrics; 0 picks a free one; unset: the gateway's own",
    kind: wholeNumber(0, 65_535),
  },
  METRICS_HOST: { meaning: "the address to listen on at METRICS_PORT", kind: host, default: "127.0.0.1" },
  METRICS_TOKEN: {
    meaning: "the bearer token that /metrics asks for; unset: none, and no /metrics beside /graphql in production",
    kind: secretToken,
  },
  COALESCE_QUERIES: {
    meaning: "on or off; on by default: identical queries in flight are executed once",
    kind: onOrOff,
    default: true,
  },
  LOG_LEVEL: { meaning: logLevels.join(", "), kind: oneOf(logLevels), default: "info" },
} as const satisfies SettingsByName;

/** The values of the engine's settings. Times are in milliseconds. */
export interface EngineConfig {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Processes that serve the port; 1 serves it without a primary process. */
  readonly workers: number;
  readonly isProduction: boolean;
  /** Whether clients get the message and the stack trace of an unexpected error. */
  readonly showsExceptions: boolean;
  readonly requestTimeoutMs: number;
  /** Origins that may send requests with credentials; undefined for none in production and any otherwise. */
  readonly corsOrigins: readonly string[] | undefined;
  /** Addresses and networks of proxies whose `X-Forwarded-…` headers are trusted. */
  readonly trustedProxies: readonly string[];
  /** The most that one operation may be estimated to cost. */
  readonly maxCost: number | "off";
  /** Whether clients that ask for it get the cost of their operation. */
  readonly showsCost: boolean;
  /** Undefined for no limit. */
  readonly rateLimit: RateLimitValue | undefined;
  /** The Redis that several processes share; undefined for none. */
  readonly redisUrl: string | undefined;
  readonly trustedDocuments: TrustedDocumentsMode;
  /** Paths of their manifests, relative to the working directory. */
  readonly trustedDocumentFiles: readonly string[];
  readonly opensGraphiQL: boolean;
  readonly opensIntrospection: boolean;
  /** Whether figures for Prometheus are counted. */
  readonly metrics: boolean;
  /** The port of `/metrics`; undefined for the gateway's own. */
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  /** What a request of `/metrics` has to bring; undefined for nothing. */
  readonly metricsToken: string | undefined;
  /** Whether identical queries that are in flight at the same time are executed once. */
  readonly coalescesQueries: boolean;
  readonly logLevel: LogLevel;
}

export function engineConfig(values: ValuesOf<typeof engineSettings>): EngineConfig {
  const isProduction = values.NODE_ENV === "production";
  return {
    host: values.HOST,
    port: values.PORT,
    workers: values.WORKERS,
    isProduction,
    showsExceptions: values.NODE_ENV === "development",
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    corsOrigins: values.CORS_ORIGINS,
    trustedProxies: values.TRUSTED_PROXIES,
    maxCost: values.MAX_COST,
    showsCost: values.SHOW_COST ?? !isProduction,
    rateLimit: values.RATE_LIMIT,
    redisUrl: values.REDIS_URL,
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    trustedDocumentFiles: values.TRUSTED_DOCUMENT_FILES,
    opensGraphiQL: values.GRAPHIQL ?? (!isProduction && values.TRUSTED_DOCUMENTS !== "only"),
    opensIntrospection: values.INTROSPECTION ?? !isProduction,
    metrics: values.METRICS,
    metricsPort: values.METRICS_PORT,
    metricsHost: values.METRICS_HOST,
    metricsToken: values.METRICS_TOKEN,
    coalescesQueries: values.COALESCE_QUERIES,
    logLevel: values.LOG_LEVEL,
  };
}
