import type { ChargesChannel } from "../cluster/worker.ts";
import { MemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
import type { BucketSize, BucketTake, RateLimitStore } from "./rate-limit-store.ts";

/** How often the others are told, in milliseconds. */
export const tellEveryMs = 20;

/**
 * Buckets in the memory of one of several workers. Each worker tells the others what it has taken, shortly afterwards, so that
 * all have the same buckets. A client that asks several workers within `tellEveryMs` may be granted more than its bucket holds;
 * the bucket is then in debt, and the client waits for longer.
 */
export class WorkerStore implements RateLimitStore {
  readonly #memory: MemoryStore;
  readonly #channel: ChargesChannel;
  readonly #untold = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param size of all buckets */
  constructor(channel: ChargesChannel, size: BucketSize, options?: MemoryStoreOptions) {
    this.#memory = new MemoryStore(options);
    this.#channel = channel;
    channel.onReceive((charges) => {
      for (const [key, cost] of charges) this.#memory.charge(key, cost, size);
    });
  }

  take(key: string, cost: number, size: BucketSize): BucketTake {
    const take = this.#memory.take(key, cost, size);
    if (take.isTaken) this.#tell(key, cost);
    return take;
  }

  charge(key: string, cost: number, size: BucketSize): number {
    this.#tell(key, cost);
    return this.#memory.charge(key, cost, size);
  }

  available(key: string, size: BucketSize): number {
    return this.#memory.available(key, size);
  }

  #tell(key: string, cost: number): void {
    this.#untold.set(key, (this.#untold.get(key) ?? 0) + cost);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const charges = [...this.#untold].filter(([, charged]) => charged !== 0);
      this.#untold.clear();
      if (charges.length > 0) this.#channel.send(charges);
    }, tellEveryMs).unref();
  }
}
