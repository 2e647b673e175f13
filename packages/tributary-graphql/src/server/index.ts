export type { ListeningAddress } from "../gateway/cluster/messages.ts";
export { Primary, type PrimaryOptions, type PrimaryTiming } from "../gateway/cluster/primary.ts";
export { connectToPrimary, isWorker, type PrimaryConnection, type WorkerTasks } from "../gateway/cluster/worker.ts";
export { RedisStore, type RedisStoreOptions } from "../gateway/rate-limit/redis-store.ts";
export { logDestination } from "../gateway/telemetry/log-destination.ts";
export { type GatewaySettings, gatewaySettings } from "./gateway-settings.ts";
export { guardProcess } from "./process-guard.ts";
export { serve } from "./serve.ts";
export type { ServeOptions } from "./serve-options.ts";
export type { AppStart, ServedApp, SharedParts, SharedStart } from "./served-app.ts";
export { type ConfigOf, defineSettings, type Settings } from "./settings/define-settings.ts";
export type { EngineConfig, LogLevel } from "./settings/engine-settings.ts";
export { ConfigError, type Environment, type Setting } from "./settings/setting.ts";
export {
  anyText,
  databaseUrl,
  httpUrl,
  listOf,
  oneOf,
  onOrOff,
  type ValueKind,
  wholeNumber,
} from "./settings/value-kinds.ts";
