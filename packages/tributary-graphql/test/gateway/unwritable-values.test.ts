import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { collectEvents } from "./subscriptions/support/collect.ts";
import { transports } from "./subscriptions/support/transports.ts";

/** Values without a JSON form that a scalar may return. */
const unwritable: readonly (readonly [title: string, value: () => unknown])[] = [
  ["a BigInt", () => 10n],
  ["an object with a BigInt", () => ({ of: [10n] })],
  [
    "a circle",
    () => {
      const list: unknown[] = [];
      list.push(list);
      return list;
    },
  ],
  [
    "a toJSON that throws",
    () => ({
      toJSON() {
        throw new Error("no JSON");
      },
    }),
  ],
  [
    "a toJSON that throws the second time",
    () => {
      let times = 0;
      return {
        of: 10n,
        toJSON() {
          if (times++ > 0) throw new Error("no JSON");
          return 10n;
        },
      };
    },
  ],
];

const sdl = `
  scalar Odd
  interface Node { odd: Odd must: Odd! }
  type Item implements Node { odd: Odd must: Odd! name: String! nested: Item }
  type Query { fine: Int odd: Odd must: Odd! odds: [Odd] musts: [Odd!] item: Item items: [Item!]! node: Node waits: Odd list: [Odd] strict: [Odd!] }
  type Mutation { odd: Odd }
  type Subscription { odds: Odd }
`;

const toyGiving = (value: () => unknown) =>
  toyGateway(sdl, {
    Query: {
      fine: () => 1,
      odd: value,
      must: value,
      odds: () => ["a", value(), "c"],
      musts: () => ["a", value()],
      item: () => ({ odd: value(), name: "x", nested: { must: value(), name: "y" } }),
      items: () => [
        { name: "a", must: "a" },
        { name: "b", must: value() },
      ],
      node: () => ({ __typename: "Item", odd: value(), must: "m" }),
      waits: async () => value(),
      list: async function* () {
        yield "a";
        yield value();
        yield "c";
      },
      strict: async function* () {
        yield "a";
        yield value();
        yield "c";
      },
    },
    Mutation: { odd: value },
    Subscription: {
      odds: async function* () {
        yield { odds: "a" };
        yield { odds: value() };
        yield { odds: "c" };
      },
    },
  });

const masked = (...path: (string | number)[]) => ({
  message: "Unexpected error.",
  locations: [expect.anything()],
  path,
  extensions: { code: "INTERNAL_SERVER_ERROR", id: expect.any(String) },
});

describe.each(unwritable)("%s, which JSON cannot be made of", (_, value) => {
  test.each([
    ["{ fine odd }", { fine: 1, odd: null }, [["odd"]]],
    ["{ fine waits }", { fine: 1, waits: null }, [["waits"]]],
    ["{ fine a: odd b: odd }", { fine: 1, a: null, b: null }, [["a"], ["b"]]],
    ["{ fine must }", null, [["must"]]],
    ["{ odds }", { odds: ["a", null, "c"] }, [["odds", 1]]],
    ["{ fine musts }", { fine: 1, musts: null }, [["musts", 1]]],
    ["{ item { name odd } }", { item: { name: "x", odd: null } }, [["item", "odd"]]],
    [
      "{ item { ...A nested { name ... on Item { must } } } } fragment A on Node { odd }",
      { item: { odd: null, nested: null } },
      [
        ["item", "odd"],
        ["item", "nested", "must"],
      ],
    ],
    ["{ items { name must } }", null, [["items", 1, "must"]]],
    ["{ fine node { ... on Item { odd } must } }", { fine: 1, node: { odd: null, must: "m" } }, [["node", "odd"]]],
    ["mutation { odd }", { odd: null }, [["odd"]]],
  ] as const)("fails its field alone: %s", async (query, data, paths) => {
    const toy = toyGiving(value);
    const response = await toy.post(query, { accept: "application/json" });
    expect(response.status).toBe(200);
    const answer = await response.json();
    expect(answer).toEqual({ data, errors: paths.map((path) => masked(...path)) });
    expect(toy.requestLine()).toMatchObject({ errors: { INTERNAL_SERVER_ERROR: paths.length } });
  });

  test.each(["multipart/mixed", "multipart/mixed;incrementalSpec=v0.2"])("cuts no stream: %s", async (accept) => {
    const ask = async (query: string) => collect(readMultipart(await toyGiving(value).post(query, { accept })));
    const first = await ask("{ odd ... @defer { fine } }");
    expect(first[0]).toMatchObject({ data: { odd: null }, errors: [{ path: ["odd"] }] });
    expect(JSON.stringify(first.at(-1))).toContain('{"fine":1}');

    const later = await ask("{ fine ... @defer { odd } }");
    expect(later.at(-1)).toMatchObject({
      hasNext: false,
      incremental: [{ data: { odd: null }, errors: [{ path: ["odd"] }] }],
    });

    const failed = JSON.stringify(await ask("{ fine ... @defer { must } }"));
    expect(failed).toContain('"path":["must"]');
    expect(failed).toContain('"hasNext":false');

    const nested = await ask("{ item { name ... @defer { nested { must } } } }");
    expect(JSON.stringify(nested)).toContain('"path":["item","nested","must"]');
    expect(JSON.stringify(nested)).toContain('{"nested":null}');

    const listed = JSON.stringify(await ask("{ list @stream }"));
    expect(listed).toContain('"path":["list",1]');
    expect(listed).toContain('"c"');

    const strict = JSON.stringify(await ask("{ strict @stream(initialCount: 1) }"));
    expect(strict).toContain('"path":["strict",1]');
    expect(strict).toContain('"hasNext":false');
  });

  test("fails its event alone, over every transport of subscriptions", async () => {
    const { url } = await toyGiving(value).gateway.listen({ host: "127.0.0.1", port: 0 });
    for (const { subscribe } of transports) {
      const events = await collectEvents(subscribe(url, "subscription { odds }"));
      expect(events.map(({ data }) => data)).toEqual([{ odds: "a" }, { odds: null }, { odds: "c" }]);
      expect(events[1]?.errors).toEqual([masked("odds")]);
      const [answer] = await collectEvents(subscribe(url, "{ fine odd }"));
      if (answer) expect(answer).toEqual({ data: { fine: 1, odd: null }, errors: [masked("odd")] });
    }
  });

  test("fails its field in the answer of each of several identical queries", async () => {
    const toy = toyGiving(value);
    const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
    const ask = async () => {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"query":"{ fine waits }"}',
      };
      return (await fetch(url, init)).json();
    };
    for (const answer of await Promise.all([ask(), ask(), ask()]))
      expect(answer).toEqual({ data: { fine: 1, waits: null }, errors: [masked("waits")] });
  });
});
