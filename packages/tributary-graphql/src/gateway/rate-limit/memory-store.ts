import { KeysByTime } from "./keys-by-time.ts";
import type { BucketSize, BucketTake, RateLimitStore } from "./rate-limit-store.ts";

export interface MemoryStoreOptions {
  /** Milliseconds on a clock that never goes back. Default: `performance.now`. */
  readonly now?: () => number;
  /** The most buckets that are kept. Default 100,000, which take about 20 MB. */
  readonly maxKeys?: number;
}

/** Of the buckets that are kept: as many are dropped at once where there are too many. */
const evictedShare = 0.01;

const msPerMinute = 60_000;

/** Of a cost: times are rounded. */
const tolerance = 1e-6;

/**
 * Buckets in the memory of this process, each as one number: the time at which it will be full. A full bucket is like one that
 * was never used, so it is dropped without a loss.
 *
 * Where more buckets are in use than are kept, those are dropped that will be full first: so a client with many addresses, each of
 * which it uses a little, does not evict the bucket of a client that has emptied its own.
 */
export class MemoryStore implements RateLimitStore {
  readonly #fullAt = new Map<string, number>();
  readonly #now: () => number;
  readonly #maxKeys: number;
  #keys: KeysByTime | undefined;

  constructor({ now = () => performance.now(), maxKeys = 100_000 }: MemoryStoreOptions = {}) {
    this.#now = now;
    this.#maxKeys = maxKeys;
  }

  /** The number of buckets that are kept. */
  get size(): number {
    return this.#fullAt.size;
  }

  take(key: string, cost: number, size: BucketSize): BucketTake {
    const now = this.#now();
    const available = availableAt(now, this.#fullAt.get(key), size);
    if (available < cost - tolerance) return { isTaken: false, available };
    return { isTaken: true, available: this.#set(key, available - cost, size, now) };
  }

  charge(key: string, cost: number, size: BucketSize): number {
    const now = this.#now();
    return this.#set(key, availableAt(now, this.#fullAt.get(key), size) - cost, size, now);
  }

  available(key: string, size: BucketSize): number {
    return availableAt(this.#now(), this.#fullAt.get(key), size);
  }

  /** Takes over what is known from elsewhere. */
  set(key: string, available: number, size: BucketSize): void {
    this.#set(key, available, size, this.#now());
  }

  #set(key: string, available: number, size: BucketSize, now: number): number {
    const { burst, costPerMinute } = size;
    const held = Math.min(burst, Math.max(-burst, available));
    const before = this.#fullAt.get(key);
    const fullAt = now + ((burst - held) * msPerMinute) / costPerMinute;
    // The longest time that a bucket takes to fill, from its deepest debt.
    this.#keys ??= new KeysByTime((2 * burst * msPerMinute) / costPerMinute);
    if (before === undefined) this.#makeRoom(this.#keys, now);
    this.#fullAt.set(key, fullAt);
    this.#keys.move(key, before, fullAt);
    return held;
  }

  #makeRoom(keys: KeysByTime, now: number): void {
    for (const key of keys.takeBefore(now)) this.#fullAt.delete(key);
    if (this.#fullAt.size < this.#maxKeys) return;
    const count = Math.max(1, Math.floor(this.#maxKeys * evictedShare));
    for (const key of keys.takeFirst(count)) this.#fullAt.delete(key);
  }
}

function availableAt(now: number, fullAt: number | undefined, { burst, costPerMinute }: BucketSize): number {
  if (fullAt === undefined || fullAt <= now) return burst;
  return burst - ((fullAt - now) * costPerMinute) / msPerMinute;
}
