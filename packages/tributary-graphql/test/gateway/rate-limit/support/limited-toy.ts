import type { ToyOptions } from "tributary-testing/toy-gateway.ts";
import { costDirectives } from "../../../../src/core/cost-directives.ts";
import { MemoryStore } from "../../../../src/gateway/rate-limit/memory-store.ts";
import type { RateLimitOptions } from "../../../../src/gateway/rate-limit/rate-limit-options.ts";
import { type PathName, toyOn } from "../../paths/support/three-paths.ts";

/** Each operation costs 1. */
const sdl = `
  ${costDirectives}
  type Query { a: Int later: Int items: [Item!]! }
  type Item @cost(weight: "0") { n: Int }
  type Mutation { set: Int @cost(weight: "0") }
  type Subscription { ticks: Int }
`;

/** A gateway with a rate limit, whose clock the test moves. */
export async function limitedToy(path: PathName, rateLimit: Partial<RateLimitOptions> = {}, options: ToyOptions = {}) {
  let nowMs = 1_000;
  const calls = { a: 0, set: 0, items: 0, ticks: 0, later: 0 };
  async function* ticks() {
    for (let tick = 1; tick <= 5; tick++) yield { ticks: tick };
  }
  const served = await toyOn(
    path,
    sdl,
    {
      Query: {
        a: () => ++calls.a,
        later: async () => {
          calls.later += 1;
          await new Promise((resolve) => setTimeout(resolve, 50));
          return 1;
        },
        items: () => {
          calls.items += 1;
          return [{ n: 1 }];
        },
      },
      Mutation: { set: () => ++calls.set },
      Subscription: { ticks },
    },
    {
      rateLimit: { costPerMinute: 60, burst: 3, store: new MemoryStore({ now: () => nowMs }), ...rateLimit },
      ...options,
    },
  );
  return {
    ...served,
    calls,
    url: `http://127.0.0.1:${served.port}/graphql`,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}
