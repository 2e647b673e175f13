import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import type { ToyContext, ToyOptions } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { costDirectives } from "../../../src/core/cost-directives.ts";
import { MemoryStore } from "../../../src/gateway/rate-limit/memory-store.ts";
import { type PathName, pathNames, toyOn } from "../paths/support/three-paths.ts";
import { webSocketUrl } from "../subscriptions/support/transports.ts";

const sdl = `
  ${costDirectives}
  type Query {
    people(first: Int = 5): [Person!]! @listSize(slicingArguments: ["first"])
    node: Node
    nothing: Person @cost(weight: "3")
    later: Int
    cached: Person @cost(weight: "4")
  }
  interface Node { id: ID }
  type Person implements Node { id: ID friends: [Person!] slow: House @cost(weight: "10") }
  type House implements Node { id: ID }
  type Mutation { add: Person }
  type Subscription { person: Person }
`;

/** Lists have two items, whatever was asked for. */
async function start(path: PathName, options: ToyOptions = {}) {
  const people = () => [{ id: "1" }, { id: "2" }];
  async function* person() {
    yield { person: { id: "1" } };
    yield { person: null };
  }
  const toy = await toyOn(
    path,
    sdl,
    {
      Query: {
        people,
        node: () => ({ __typename: "House", id: "1" }),
        nothing: () => null,
        later: () => Promise.resolve(1),
        cached: (_root, _args, { calls }: ToyContext) => {
          for (const cached of [true, false]) calls.begin("people", "people", 1).succeed(1, { cached });
          return { id: "1" };
        },
      },
      Person: { friends: people, slow: () => Promise.resolve({ id: "1" }) },
      Mutation: { add: () => ({ id: "3" }) },
      Subscription: { person },
    },
    options,
  );
  return { ...toy, url: `http://127.0.0.1:${toy.port}/graphql` };
}

const ask = (url: string, query: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-tributary-cost": "1", ...headers },
    body: JSON.stringify({ query }),
  });

describe.each(pathNames)("on the path %s", (path) => {
  test.each([
    ["objects that were returned", "{ people(first: 9) { id } }", 10, 3],
    ["each level of lists", "{ people(first: 9) { friends { id } } }", 1 + 9 + 90, 1 + 2 + 4],
    ["weights of fields that were executed", "{ people(first: 3) { slow { id } } }", 1 + 3 + 3 * 11, 1 + 2 + 2 * 11],
    ["each alias", "{ a: people(first: 1) { id } b: people(first: 1) { id } }", 3, 5],
    [
      "fragments and merged fields once",
      "{ ...F people(first: 9) { id } } fragment F on Query { people(first: 9) { id } }",
      10,
      3,
    ],
    ["a field without a value, but not what is below it", "{ nothing { slow { id } } }", 1 + 3 + 1 + 11, 4],
    ["the object of an abstract type", "{ node { id } }", 2, 2],
    ["a promised value", "{ later }", 1, 1],
    ["a mutation", "mutation { add { id } }", 12, 12],
    ["half, where the HTTP cache answered one of two calls", "{ cached { id } }", 6, 3],
  ])("the actual cost counts %s", async (_, query, estimate, actual) => {
    const { url } = await start(path);
    const response = await ask(url, query);
    expect(response.headers.get("x-tributary-cost")).toBe(`estimate=${estimate}, actual=${actual}, max=10000`);
    expect(((await response.json()) as { extensions: object }).extensions).toEqual({
      cost: { estimate, actual, max: 10_000 },
    });
  });

  test("the cost of a stream counts its payloads, and is on the last one", async () => {
    const { url } = await start(path);
    const query =
      "{ people(first: 9) @stream(initialCount: 1) { id ... @defer { slow { id } } } ... @defer { later nothing { id } } }";
    const response = await ask(url, query, { accept: "multipart/mixed;incrementalSpec=v0.2" });
    expect(response.headers.get("x-tributary-cost")).toBe("estimate=113, max=10000");
    const payloads = await collect(readMultipart(response));
    expect(payloads.length).toBeGreaterThan(1);
    expect(payloads.at(-1)?.extensions).toEqual({ cost: { estimate: 113, actual: 1 + 2 + 2 * 11 + 3, max: 10_000 } });
    expect(payloads.slice(0, -1).map(({ extensions }) => extensions)).toEqual(
      payloads.slice(0, -1).map(() => undefined),
    );
  });

  test("each event of a subscription has its own cost", async () => {
    const { url } = await start(path);
    const query = "subscription { person { id } }";
    const costs = [
      { cost: { estimate: 2, actual: 2, max: 10_000 } },
      { cost: { estimate: 2, actual: 1, max: 10_000 } },
    ];
    const sse = createSseClient({ url, retryAttempts: 0, headers: { "x-tributary-cost": "1" } });
    onTestFinished(() => sse.dispose());
    const ws = createWsClient({
      url: webSocketUrl(url),
      retryAttempts: 0,
      connectionParams: { "x-tributary-cost": "1" },
    });
    onTestFinished(() => void ws.dispose());
    for (const client of [sse, ws]) {
      const extensions = [];
      for await (const event of client.iterate({ query })) extensions.push(event.extensions);
      expect(extensions).toEqual(costs);
    }
  });

  test("a rate limit gives back what was estimated and not used", async () => {
    const store = new MemoryStore({ now: () => 0 });
    const { url } = await start(path, { rateLimit: { costPerMinute: 60, burst: 100, store } });
    const query = "{ people(first: 60) { id } }";
    for (const left of [97, 94, 91]) {
      const response = await ask(url, query, { "x-tributary-cost": "0" });
      expect(response.headers.get("ratelimit")).toMatch(`"cost";r=${left};`);
      expect(response.headers.get("x-tributary-cost")).toBeNull();
      await response.text();
    }
  });

  test.each([
    ["without the header", {}, { "x-tributary-cost": "0" }],
    ["in production", { isProduction: true }, {}],
    ["where showsCost is off", { showsCost: false }, {}],
  ] as const)("the cost is not shown %s", async (_, options, headers) => {
    const { url } = await start(path, options);
    const response = await ask(url, "{ later }", headers);
    expect(response.headers.get("x-tributary-cost")).toBeNull();
    expect(await response.json()).toEqual({ data: { later: 1 } });
  });

  test("the cost is shown in production where showsCost is on", async () => {
    const { url } = await start(path, { isProduction: true, showsCost: true });
    expect((await ask(url, "{ later }")).headers.get("x-tributary-cost")).toBe("estimate=1, actual=1, max=10000");
  });
});
