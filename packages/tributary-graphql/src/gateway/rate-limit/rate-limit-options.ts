import type { GraphQLRequestScope } from "../request/graphql-request.ts";
import type { BucketSize, RateLimitStore } from "./rate-limit-store.ts";

/** How much a client may ask for, in units of the estimated cost of operations: a token bucket for each client. */
export interface RateLimitOptions {
  /** How much is added to a client's bucket per minute, more than 0. */
  readonly costPerMinute: number;
  /** The most that a bucket holds, so the most that a client may ask for at once; at least 1. Default: `costPerMinute`. */
  readonly burst?: number;
  /**
   * The identity of the client, once it was verified; undefined for a client that is known by its address alone. Called once
   * per request and once per operation on a WebSocket. Never return what a client only claims, such as the value of a header that
   * nobody has verified: it could then have a new bucket for each request. What it throws is masked, and refuses the request.
   * Default: every client is known by its address, an IPv6 address by its network of 64 bits.
   */
  identify?(scope: GraphQLRequestScope): string | undefined;
  /** Where the buckets are. Default: in the memory of this process. */
  readonly store?: RateLimitStore;
}

/** @throws RangeError that names the option */
export function bucketSizeOf({ costPerMinute, burst = costPerMinute }: RateLimitOptions): BucketSize {
  if (!Number.isFinite(costPerMinute) || costPerMinute <= 0)
    throw new RangeError(`rateLimit.costPerMinute: expected a number above 0, got ${costPerMinute}.`);
  if (!Number.isFinite(burst) || burst < 1) throw new RangeError(`rateLimit.burst: expected 1 or more, got ${burst}.`);
  return { burst, costPerMinute };
}
