import type { Logger } from "pino";
import type { RateLimitStore } from "../gateway/rate-limit/rate-limit-store.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** A store of rate limits that has to be closed. */
export interface OpenedStore extends RateLimitStore {
  close(): Promise<void>;
}

/**
 * The store that the settings name: Redis, where rates are limited and `REDIS_URL` is set. Undefined for the memory of this
 * process.
 *
 * @throws Error with one line, where the client of Redis is not installed
 */
export async function openRateLimitStore(
  { rateLimit, redisUrl }: Pick<EngineConfig, "rateLimit" | "redisUrl">,
  logger: Logger,
): Promise<OpenedStore | undefined> {
  if (rateLimit === undefined || redisUrl === undefined) return undefined;
  const { RedisStore } = await import("../gateway/rate-limit/redis-store.ts");
  return RedisStore.open({ url: redisUrl, logger });
}
