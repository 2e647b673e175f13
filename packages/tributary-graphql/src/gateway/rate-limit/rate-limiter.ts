import { unexpectedError } from "../execution/execution-errors.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { clientKeyOf } from "./client-key.ts";
import { MemoryStore } from "./memory-store.ts";
import { policyOf } from "./rate-limit-headers.ts";
import { bucketSizeOf, type RateLimitOptions } from "./rate-limit-options.ts";
import { type RateLimit, RequestCharge } from "./request-charge.ts";

/** The rate limit of one gateway. */
export class RateLimiter {
  readonly #limit: RateLimit<GraphQLRequest>;

  /** @throws RangeError for an option that is out of its range */
  constructor(options: RateLimitOptions) {
    const size = bucketSizeOf(options);
    this.#limit = {
      size,
      store: options.store ?? new MemoryStore(),
      policy: policyOf(size),
      keyOf: (request) => keyOf(request, options),
    };
  }

  /** The charge of a request that begins; it is settled when the request ends. */
  charge(request: GraphQLRequest): RequestCharge {
    return heldBy(request, new RequestCharge(this.#limit, request));
  }

  /** The charge of one event of a subscription. */
  chargeEvent(event: GraphQLRequest, subscription: RequestCharge): RequestCharge {
    return heldBy(event, new RequestCharge(this.#limit, event, subscription.key));
  }
}

function heldBy({ lifetime }: GraphQLRequest, charge: RequestCharge): RequestCharge {
  lifetime.hold(charge);
  return charge;
}

/** @throws GraphQLError that is masked, unless the app's `identify` throws an error with a code */
function keyOf(request: GraphQLRequest, options: RateLimitOptions): string {
  try {
    return clientKeyOf(request, options);
  } catch (error) {
    throw unexpectedError(error);
  }
}
