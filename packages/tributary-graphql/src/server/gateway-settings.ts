import type { GatewayOptions } from "../gateway/gateway-options.ts";
import type { RateLimitStore } from "../gateway/rate-limit/rate-limit-store.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** The options of `createGateway` that come from the settings of the engine. */
export type GatewaySettings = Pick<
  GatewayOptions,
  | "isProduction"
  | "showsExceptions"
  | "requestTimeoutMs"
  | "opensGraphiQL"
  | "opensIntrospection"
  | "corsOrigins"
  | "trustedProxies"
  | "maxCost"
  | "showsCost"
  | "rateLimit"
  | "metrics"
  | "coalescing"
  | "trustedDocuments"
>;

/**
 * Turns the settings of the engine into options of `createGateway`.
 *
 * @param store of the rate limit. Default: in the memory of this process
 * @example createGateway({ ...gatewaySettings(config), schema, logger })
 */
export const gatewaySettings = (config: EngineConfig, store?: RateLimitStore): GatewaySettings => ({
  isProduction: config.isProduction,
  showsExceptions: config.showsExceptions,
  requestTimeoutMs: config.requestTimeoutMs,
  opensGraphiQL: config.opensGraphiQL,
  opensIntrospection: config.opensIntrospection,
  trustedProxies: config.trustedProxies,
  maxCost: config.maxCost,
  showsCost: config.showsCost,
  ...(config.corsOrigins && { corsOrigins: config.corsOrigins }),
  ...(config.rateLimit && { rateLimit: { ...config.rateLimit, ...(store && { store }) } }),
  metrics: config.metrics && {
    token: config.metricsToken,
    ...(config.metricsPort !== undefined && { isServed: false }),
  },
  coalescing: { isOn: config.coalescesQueries },
  trustedDocuments: { mode: config.trustedDocuments, files: config.trustedDocumentFiles },
});
