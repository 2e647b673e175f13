import type { Logger } from "pino";
import type { ChargesChannel } from "../gateway/cluster/worker.ts";
import type { RateLimitStore } from "../gateway/rate-limit/rate-limit-store.ts";
import { WorkerStore } from "../gateway/rate-limit/worker-store.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

/** A store of rate limits. */
export interface OpenedStore extends RateLimitStore {
  close?(): Promise<void>;
}

/**
 * The store that the settings name, where rates are limited: Redis with `REDIS_URL`, otherwise the memory of the workers.
 * Undefined for the memory of the only process.
 *
 * @param workers the channel to the others, in one of several workers
 * @throws Error with one line, where the client of Redis is not installed
 */
export async function openRateLimitStore(
  { rateLimit, redisUrl }: Pick<EngineConfig, "rateLimit" | "redisUrl">,
  logger: Logger,
  workers?: ChargesChannel,
): Promise<OpenedStore | undefined> {
  if (rateLimit === undefined) return undefined;
  if (redisUrl === undefined) return workers && new WorkerStore(workers, rateLimit);
  const { RedisStore } = await import("../gateway/rate-limit/redis-store.ts");
  return RedisStore.open({ url: redisUrl, logger });
}
