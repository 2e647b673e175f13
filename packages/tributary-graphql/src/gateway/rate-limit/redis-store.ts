import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { Deadlines } from "../request/deadlines.ts";
import { errorFields } from "../telemetry/error-fields.ts";
import { MemoryStore } from "./memory-store.ts";
import type { BucketSize, BucketTake, RateLimitStore } from "./rate-limit-store.ts";
import { createRedisClient, type RedisClient } from "./redis-client.ts";

export interface RedisStoreOptions {
  /** `redis://user:password@host:port/database`, or `rediss://…` for TLS. */
  readonly url: string;
  /** Gets one line when Redis is lost, and one when it is back. */
  readonly logger: Logger;
  /** What the keys begin with. Apps that share a Redis need different ones. Default `tributary:rate-limit:`. */
  readonly prefix?: string;
}

/** The longest time for which a request waits for Redis, in milliseconds. */
export const commandTimeoutMs = 100;

/** How long the start waits for the first connection, in milliseconds. */
const firstConnectionMs = 1_000;

/** How often a Redis that did not answer is tried again, in milliseconds. */
const retryEveryMs = 500;

/**
 * Buckets in Redis, which several processes share, by the clock of Redis.
 *
 * What each bucket held last is kept in memory too. While Redis is lost, or does not answer in time, this process goes on from
 * there by itself: then each process limits for itself. No request waits longer than `commandTimeoutMs`.
 */
export class RedisStore implements RateLimitStore {
  readonly #client: RedisClient;
  readonly #logger: Logger;
  readonly #prefix: string;
  readonly #memory = new MemoryStore();
  readonly #deadlines = new Deadlines(commandTimeoutMs);
  #state: "connecting" | "shared" | "lost" = "connecting";
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;

  private constructor(client: RedisClient, { logger, prefix = "tributary:rate-limit:" }: RedisStoreOptions) {
    this.#client = client;
    this.#logger = logger;
    this.#prefix = prefix;
  }

  /**
   * Connects. Where Redis cannot be reached, the log says so, and the store tries on.
   *
   * @throws Error with one line, where the package `@redis/client` is not installed, or TypeError for an invalid URL
   */
  static async open(options: RedisStoreOptions): Promise<RedisStore> {
    const store = new RedisStore(await createRedisClient(options.url), options);
    await store.#connect();
    return store;
  }

  /** Whether the buckets are those in Redis now. */
  get isShared(): boolean {
    return this.#state === "shared";
  }

  take(key: string, cost: number, size: BucketSize): BucketTake | Promise<BucketTake> {
    if (!this.isShared) return this.#memory.take(key, cost, size);
    const asked = this.#ask(key, cost, size, false);
    return asked.then((take) => take ?? this.#memory.take(key, cost, size));
  }

  charge(key: string, cost: number, size: BucketSize): number {
    if (this.isShared) void this.#ask(key, cost, size, true);
    return this.#memory.charge(key, cost, size);
  }

  available(key: string, size: BucketSize): number {
    return this.#memory.available(key, size);
  }

  /** Sends what is pending, and disconnects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#state = "lost";
    clearTimeout(this.#retry);
    if (this.#client.isReady) {
      const late = delay(commandTimeoutMs, undefined, { ref: false });
      await Promise.race([this.#client.close(), late]).catch(() => undefined);
    }
    if (this.#client.isOpen) this.#client.destroy();
  }

  async #connect(): Promise<void> {
    const decided = Promise.withResolvers<void>();
    this.#client.on("error", (error: unknown) => {
      this.#lose(error);
      decided.resolve();
    });
    this.#client.on("ready", () => void this.#tryAgain().then(decided.resolve));
    // Rejects when the store is closed before.
    this.#client.connect().catch(() => undefined);
    await Promise.race([decided.promise, delay(firstConnectionMs, undefined, { ref: false })]);
    if (!this.isShared) this.#lose(new Error(`No connection within ${firstConnectionMs} ms.`));
  }

  /** Undefined where Redis does not answer, or not in time. */
  #ask(key: string, cost: number, size: BucketSize, isForced: boolean): Promise<BucketTake | undefined> {
    const { promise, resolve } = Promise.withResolvers<BucketTake | undefined>();
    const fail = (error: unknown): void => {
      this.#deadlines.remove(deadline);
      this.#lose(error);
      resolve(undefined);
    };
    const deadline = this.#deadlines.add({
      onDeadline: () => fail(new Error(`No answer within ${commandTimeoutMs} ms.`)),
    });
    const { burst, costPerMinute } = size;
    this.#client.takeCost(this.#prefix + key, cost, burst, costPerMinute, Number(isForced)).then(([isTaken, held]) => {
      if (!deadline.isWaiting) return;
      this.#deadlines.remove(deadline);
      const available = Number(held);
      this.#memory.set(key, available, size);
      resolve({ isTaken: isTaken === 1, available });
    }, fail);
    return promise;
  }

  #lose(error: unknown): void {
    if (this.#isClosed) return;
    if (this.#state !== "lost") {
      this.#state = "lost";
      this.#logger.warn({ err: errorFields(error) }, "Redis cannot be used: each process limits rates by itself");
    }
    // A client that is not connected connects again by itself.
    if (!this.#client.isReady || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#tryAgain();
    }, retryEveryMs);
    this.#retry.unref();
  }

  /** A full memory or a replica, which takes no writes, answers to a ping: so this is a command as any other one. */
  async #tryAgain(): Promise<void> {
    const answer = await this.#ask("probe", 1, { burst: 1, costPerMinute: 60 }, true);
    if (answer === undefined || this.#isClosed) return;
    if (this.#state === "lost") this.#logger.info("Redis can be used again: rate limits are shared");
    this.#state = "shared";
  }
}
