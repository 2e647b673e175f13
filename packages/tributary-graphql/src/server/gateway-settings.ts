import type { GatewayOptions } from "../gateway/gateway-options.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** Those options of `createGateway` that the settings of every app say. */
export type GatewaySettings = Pick<
  GatewayOptions,
  | "isProduction"
  | "showsExceptions"
  | "requestTimeoutMs"
  | "opensGraphiQL"
  | "opensIntrospection"
  | "corsOrigins"
  | "trustedProxies"
  | "coalescing"
>;

/** @example createGateway({ ...gatewaySettings(config), schema, logger }) */
export const gatewaySettings = (config: EngineConfig): GatewaySettings => ({
  isProduction: config.isProduction,
  showsExceptions: config.showsExceptions,
  requestTimeoutMs: config.requestTimeoutMs,
  opensGraphiQL: config.opensGraphiQL,
  opensIntrospection: config.opensIntrospection,
  trustedProxies: config.trustedProxies,
  ...(config.corsOrigins && { corsOrigins: config.corsOrigins }),
  coalescing: { isOn: config.coalescesQueries },
});
