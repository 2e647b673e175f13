import { secondsUntil } from "./rate-limit-refusal.ts";
import type { BucketSize } from "./rate-limit-store.ts";

/** Headers of a response, of draft-ietf-httpapi-ratelimit-headers-11. */
export type RateLimitHeaders = Readonly<Record<"ratelimit" | "ratelimit-policy", string>>;

/** Of a cost: times are rounded. */
const tolerance = 1e-6;

/** The name of the only policy, after its unit. */
const policyName = '"cost"';

/** Section 3 of the draft. The quota is what a bucket holds, the window the time in which an empty one fills. */
export const policyOf = ({ burst, costPerMinute }: BucketSize): string =>
  `${policyName};q=${Math.floor(burst)};w=${Math.max(1, Math.ceil((burst * 60) / costPerMinute))}`;

/**
 * Section 4 of the draft. The window is the time in which the bucket fills up; after a refusal, it is the time after which the
 * request may be sent again.
 */
export function limitOf(available: number, retryAfter: number | undefined, size: BucketSize): string {
  const untilFull = available >= size.burst ? 0 : secondsUntil(size.burst, available, size);
  return `${policyName};r=${Math.max(0, Math.floor(available + tolerance))};t=${retryAfter ?? untilFull}`;
}
