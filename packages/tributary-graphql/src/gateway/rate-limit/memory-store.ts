import type { BucketSize, BucketTake, RateLimitStore } from "./rate-limit-store.ts";

export interface MemoryStoreOptions {
  /** Milliseconds on a clock that never goes back. Default: `performance.now`. */
  readonly now?: () => number;
  /** The most buckets that are kept. Default 100,000, which take about 10 MB. */
  readonly maxKeys?: number;
}

/** Kept buckets that are looked at for each new one, to drop those that are full again. */
const sweptPerKey = 2;

/** Buckets of which one is dropped where too many are kept. */
const evictionCandidates = 16;

const msPerMinute = 60_000;

/** Of a cost: times are rounded. */
const tolerance = 1e-6;

/**
 * Buckets in the memory of this process, each as one number: the time at which it will be full. A full bucket is like one that
 * was never used, so it is dropped without a loss.
 *
 * Where more buckets are in use than are kept, the one is dropped that will be full first, of a few that are looked at: so a
 * client with many addresses, each of which it uses a little, does not evict the bucket of a client that has emptied its own.
 */
export class MemoryStore implements RateLimitStore {
  readonly #fullAt = new Map<string, number>();
  readonly #now: () => number;
  readonly #maxKeys: number;
  /** Goes round and round through the buckets. */
  #hand = this.#fullAt.entries();

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
    if (held === burst) {
      this.#fullAt.delete(key);
      return held;
    }
    if (!this.#fullAt.has(key)) this.#makeRoom(now);
    this.#fullAt.set(key, now + ((burst - held) * msPerMinute) / costPerMinute);
    return held;
  }

  #makeRoom(now: number): void {
    this.#sweep(sweptPerKey, now);
    if (this.#fullAt.size < this.#maxKeys) return;
    const earliest = this.#sweep(evictionCandidates, now);
    if (this.#fullAt.size >= this.#maxKeys && earliest !== undefined) this.#fullAt.delete(earliest);
  }

  /** Drops full buckets among the next ones. Returns the key of that one of the others which will be full first. */
  #sweep(count: number, now: number): string | undefined {
    let earliest: string | undefined;
    let earliestFullAt = Number.POSITIVE_INFINITY;
    for (let looked = 0; looked < Math.min(count, this.#fullAt.size); looked++) {
      const [key, fullAt] = this.#next();
      if (fullAt <= now) this.#fullAt.delete(key);
      else if (fullAt < earliestFullAt) [earliest, earliestFullAt] = [key, fullAt];
    }
    return earliest;
  }

  /** There must be a bucket. */
  #next(): [string, number] {
    let next = this.#hand.next();
    if (next.done) {
      this.#hand = this.#fullAt.entries();
      next = this.#hand.next();
    }
    return next.value as [string, number];
  }
}

function availableAt(now: number, fullAt: number | undefined, { burst, costPerMinute }: BucketSize): number {
  if (fullAt === undefined || fullAt <= now) return burst;
  return burst - ((fullAt - now) * costPerMinute) / msPerMinute;
}
