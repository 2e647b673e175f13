/** A token bucket: what it holds at most, and how fast it fills. The unit is the estimated cost of operations. */
export interface BucketSize {
  /** The most that a bucket holds, at least 1. */
  readonly burst: number;
  /** How much is added per minute, more than 0. */
  readonly costPerMinute: number;
}

export interface BucketTake {
  /** Whether the cost was taken. */
  readonly isTaken: boolean;
  /** What the bucket holds now. Below 0 for one in debt. */
  readonly available: number;
}

/** Where the buckets of all clients are. A bucket that was never used is full. */
export interface RateLimitStore {
  /** Takes a cost from a bucket that holds as much, and otherwise nothing. Must not throw or reject. */
  take(key: string, cost: number, size: BucketSize): BucketTake | Promise<BucketTake>;
  /**
   * Takes a cost whether or not the bucket holds it; a negative cost is put back. A bucket never holds more than its burst,
   * and is never further in debt than that. Returns what it holds then, as far as is known at once. Must not throw.
   */
  charge(key: string, cost: number, size: BucketSize): number;
  /** What the bucket holds, as far as is known at once. */
  available(key: string, size: BucketSize): number;
}
