import type { GraphQLError } from "graphql";
import type { Held } from "../request/request-lifetime.ts";
import { limitOf, type RateLimitHeaders } from "./rate-limit-headers.ts";
import { aboveBurst, rateLimited, secondsUntil } from "./rate-limit-refusal.ts";
import type { BucketSize, BucketTake, RateLimitStore } from "./rate-limit-store.ts";

/** The least that a request costs: one that is answered from a cache, or by the execution of another request. */
export const leastCost = 1;

/** The cost of a request that is not executed, such as an invalid document: it was read, parsed and validated. */
export const refusedCost = 10;

/** The parts of a request that its charge reads. */
export interface ChargedRequest {
  /** Unset before the operation was validated. */
  readonly cost: { readonly actual: number | undefined } | undefined;
}

/** What all requests of a gateway share. */
export interface RateLimit<Request extends ChargedRequest> {
  readonly store: RateLimitStore;
  readonly size: BucketSize;
  /** The value of `RateLimit-Policy`. */
  readonly policy: string;
  /**
   * The key of the bucket of a request's client.
   *
   * @throws GraphQLError where the app's `identify` throws
   */
  keyOf(request: Request): string;
}

/**
 * What one request takes from its client's bucket.
 *
 * `refusal` comes before anything of the request is parsed, `reserve` before it is executed, and `release` at its end. A
 * request that the rate limit refuses costs nothing. One that is not executed for another reason costs `refusedCost`. One that
 * is executed costs what it has used, at least `leastCost` and at most what was reserved.
 */
export class RequestCharge<Request extends ChargedRequest = ChargedRequest> implements Held {
  readonly #limit: RateLimit<Request>;
  readonly #request: Request;
  #key: string | undefined;
  /** What the bucket held when it was last looked at. */
  #available: number | undefined;
  #isAdmitted = false;
  #reserved = 0;
  #used: number | undefined;
  #retryAfter: number | undefined;
  #isSettled = false;

  /** @param key of the bucket. Default: it is looked for when it is first needed */
  constructor(limit: RateLimit<Request>, request: Request, key?: string) {
    this.#limit = limit;
    this.#request = request;
    this.#key = key;
  }

  /**
   * The refusal of a client whose bucket does not even hold `leastCost`; undefined for any other. Looks at the bucket once.
   *
   * @throws GraphQLError where the app's `identify` throws
   */
  refusal(): GraphQLError | undefined {
    if (this.#isAdmitted) return undefined;
    this.#available = this.#limit.store.available(this.key, this.#limit.size);
    if (this.#available < leastCost) return this.#refuse(leastCost);
    this.#isAdmitted = true;
    return undefined;
  }

  /**
   * Takes the estimate from the bucket, or gives the refusal. At once, unless the store is outside of this process.
   *
   * @throws GraphQLError where the app's `identify` throws
   */
  reserve(estimate: number): GraphQLError | undefined | Promise<GraphQLError | undefined> {
    const cost = Math.max(leastCost, estimate);
    if (cost > this.#limit.size.burst) return aboveBurst(cost, this.#limit.size);
    const taking = this.#limit.store.take(this.key, cost, this.#limit.size);
    return taking instanceof Promise ? taking.then((take) => this.#onTake(take, cost)) : this.#onTake(taking, cost);
  }

  /** The request is answered by the execution of another one, whose client pays for it. */
  shareExecution(): void {
    this.#used = leastCost;
    if (this.#reserved > 0 || this.#isSettled) return;
    this.#reserved = leastCost;
    this.#available = this.#limit.store.charge(this.key, leastCost, this.#limit.size);
  }

  /** The request is executed by itself after all: it then pays for what it uses. */
  leaveExecution(): void {
    this.#used = undefined;
  }

  /** Puts back what was reserved and not used, or charges for the work on a request that was not executed. */
  release(): void {
    if (this.#isSettled) return;
    if (this.#reserved > 0) {
      this.settle(this.#used ?? this.#request.cost?.actual ?? this.#reserved);
      return;
    }
    this.#isSettled = true;
    if (this.#isAdmitted) this.#charge(Math.min(refusedCost, this.#limit.size.burst));
  }

  /** Puts back what was reserved above this. */
  settle(used: number): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#refundTo(used);
  }

  /** Looked for once. */
  get key(): string {
    this.#key ??= this.#limit.keyOf(this.#request);
    return this.#key;
  }

  /** The headers of the answer; undefined where the app's `identify` throws. */
  get headers(): RateLimitHeaders | undefined {
    try {
      this.#available ??= this.#limit.store.available(this.key, this.#limit.size);
      return {
        ratelimit: limitOf(this.#available, this.#retryAfter, this.#limit.size),
        "ratelimit-policy": this.#limit.policy,
      };
    } catch {
      return undefined;
    }
  }

  #onTake({ isTaken, available }: BucketTake, cost: number): GraphQLError | undefined {
    this.#available = available;
    if (!isTaken) return this.#refuse(cost);
    this.#reserved += cost;
    // The request has ended while the store was asked.
    if (this.#isSettled) this.#refundTo(leastCost);
    return undefined;
  }

  #refuse(cost: number): GraphQLError {
    this.#isSettled = true;
    const available = this.#available ?? 0;
    this.#retryAfter = secondsUntil(cost, available, this.#limit.size);
    return rateLimited(cost, available, this.#limit.size);
  }

  #refundTo(used: number): void {
    const refund = this.#reserved - Math.max(leastCost, used);
    if (refund > 0) this.#charge(-refund);
  }

  #charge(cost: number): void {
    this.#available = this.#limit.store.charge(this.key, cost, this.#limit.size);
  }
}
