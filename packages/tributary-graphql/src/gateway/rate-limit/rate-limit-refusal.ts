import type { GraphQLError } from "graphql";
import { refusal } from "../security/refusal.ts";
import type { BucketSize } from "./rate-limit-store.ts";

/** Seconds, rounded up, until a bucket that holds `available` holds `cost`; at least 1. */
export const secondsUntil = (cost: number, available: number, { costPerMinute }: BucketSize): number =>
  Math.max(1, Math.ceil(((cost - available) * 60) / costPerMinute));

/** The bucket does not hold the cost at present. */
export function rateLimited(cost: number, available: number, size: BucketSize): GraphQLError {
  const retryAfter = secondsUntil(cost, available, size);
  return refusal(
    "RATE_LIMITED",
    `The rate limit is reached: this costs ${shown(cost)}, and ${shown(Math.max(0, available))} of ${shown(size.burst)} are ` +
      `available. Try again in ${retryAfter} s.`,
    { status: 429, headers: { "retry-after": String(retryAfter) }, extensions: { retryAfter } },
  );
}

/** The bucket can never hold the cost: there is no time to try again. */
export const aboveBurst = (cost: number, { burst }: BucketSize): GraphQLError =>
  refusal(
    "LIMIT_EXCEEDED",
    `The operation has an estimated cost of ${shown(cost)}; the rate limit allows at most ${shown(burst)} at once. ` +
      "Ask for less, or in several operations.",
    { status: 400, isDocumentFault: true },
  );

/** Rounded down, so that no more is promised than there is. */
const shown = (cost: number): string => String(Math.floor(cost * 100) / 100);
