import { unexpectedError } from "../execution/execution-errors.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { clientKeyOf } from "./client-key.ts";
import { MemoryStore } from "./memory-store.ts";
import { policyOf } from "./rate-limit-headers.ts";
import { bucketSizeOf, type RateLimitOptions } from "./rate-limit-options.ts";
import { type RateLimit, RequestCharge } from "./request-charge.ts";

/** The rate limit of one gateway. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #identify: RateLimitOptions["identify"];

  /** @throws RangeError for an option that is out of its range */
  constructor(options: RateLimitOptions) {
    const size = bucketSizeOf(options);
    this.#limit = { size, store: options.store ?? new MemoryStore(), policy: policyOf(size) };
    this.#identify = options.identify;
  }

  /** The charge of a request that begins; it is settled when the request ends. */
  charge(request: GraphQLRequest): RequestCharge {
    const charge = this.#chargeOf(() => this.#keyOf(request));
    request.lifetime.hold(charge);
    return charge;
  }

  /** The charge of one event of a subscription. */
  chargeEvent(event: GraphQLRequest, subscription: RequestCharge): RequestCharge {
    const charge = this.#chargeOf(() => subscription.key);
    event.lifetime.hold(charge);
    return charge;
  }

  #chargeOf(key: () => string): RequestCharge {
    return new RequestCharge(this.#limit, { key, usedCost: () => undefined });
  }

  /** @throws GraphQLError that is masked, unless the app's `identify` throws one with a code */
  #keyOf(request: GraphQLRequest): string {
    try {
      return clientKeyOf(request, this.#identify);
    } catch (error) {
      throw unexpectedError(error);
    }
  }
}
