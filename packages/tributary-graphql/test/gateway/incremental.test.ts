import DataLoader from "dataloader";
import { collect, next, readEvents, readMultipart } from "tributary-testing/read-stream.ts";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const multipart = "multipart/mixed";

describe("@defer", () => {
  test("the first payload comes while deferred work still runs", async () => {
    const slow = Promise.withResolvers<string>();
    const toy = toyGateway("type Query { fast: String slow: String }", {
      Query: { fast: () => "fast", slow: () => slow.promise },
    });
    const payloads = readMultipart(
      await toy.post('{ fast ... @defer(label: "later") { slow } }', { accept: multipart }),
    );
    expect(await next(payloads)).toEqual({ data: { fast: "fast" }, hasNext: true });
    slow.resolve("slow");
    expect(await collect(payloads)).toEqual([
      { incremental: [{ path: [], label: "later", data: { slow: "slow" } }], hasNext: false },
    ]);
  });

  test("a loader shared by fast and deferred fields gets two batches, and the fast one is not held up", async () => {
    const batches: string[][] = [];
    const slowBatch = Promise.withResolvers<void>();
    const loader = new DataLoader(async (keys: readonly string[]) => {
      batches.push([...keys]);
      if (keys.includes("slow")) await slowBatch.promise;
      return keys;
    });
    const toy = toyGateway("type Query { fast: String slow: String }", {
      Query: { fast: () => loader.load("fast"), slow: () => loader.load("slow") },
    });
    const payloads = readMultipart(await toy.post("{ ... @defer { slow } fast }", { accept: multipart }));
    expect((await next(payloads)).data).toEqual({ fast: "fast" });
    slowBatch.resolve();
    await collect(payloads);
    expect(batches).toEqual([["fast"], ["slow"]]);
  });

  test("a client that takes no stream gets everything in one answer", async () => {
    const toy = toyGateway("type Query { fast: String slow: String list: [Int] }", {
      Query: { fast: () => "fast", slow: async () => "slow", list: () => [1, 2, 3] },
    });
    const query = "query ($defer: Boolean) { fast ... @defer(if: $defer) { slow } list @stream(initialCount: 1) }";
    for (const accept of [
      "application/json",
      "application/graphql-response+json",
      "application/json, text/plain, */*",
    ]) {
      const response = await toy.post(query, { accept, variables: { defer: true } });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ data: { fast: "fast", slow: "slow", list: [1, 2, 3] } });
    }
  });

  test("the same document streams again after it was answered in one piece", async () => {
    const toy = toyGateway("type Query { a: Int b: Int }", { Query: { a: () => 1, b: () => 2 } });
    const query = "{ a ... @defer { b } }";
    expect(await toy.ask(query)).toEqual({ data: { a: 1, b: 2 } });
    expect(await collect(readMultipart(await toy.post(query, { accept: multipart })))).toHaveLength(2);
  });

  test("server-sent events carry the same payloads", async () => {
    const toy = toyGateway("type Query { a: Int b: Int }", { Query: { a: () => 1, b: async () => 2 } });
    const response = await toy.post("{ a ... @defer { b } }", { accept: "text/event-stream" });
    expect(response.headers.get("content-type")).toBe("text/event-stream; deferSpec=20220824");
    expect(await collect(readEvents(response))).toEqual([
      { data: { a: 1 }, hasNext: true },
      { incremental: [{ path: [], data: { b: 2 } }], hasNext: false },
    ]);
  });

  test("a deferred fragment on a mutation's or a subscription's root is refused by validation", async () => {
    const toy = toyGateway("type Query { a: Int } type Mutation { b: Int }", { Query: { a: () => 1 } });
    const answer = await toy.ask("mutation { ... @defer { b } }");
    expect(answer.errors?.[0]?.extensions).toEqual({ code: "GRAPHQL_VALIDATION_FAILED" });
  });

  test("two fragments with the same label are refused by validation", async () => {
    const toy = toyGateway("type Query { a: Int b: Int }", {});
    const answer = await toy.ask('{ ... @defer(label: "x") { a } ... @defer(label: "x") { b } }');
    expect(answer.errors?.[0]?.extensions).toEqual({ code: "GRAPHQL_VALIDATION_FAILED" });
  });
});

describe("@stream", () => {
  test("the first items come with the first payload, the others as they are ready", async () => {
    const gate = Promise.withResolvers<void>();
    const toy = toyGateway("type Query { letters: [String!]! }", {
      Query: {
        letters: async function* () {
          yield "a";
          await gate.promise;
          yield "b";
        },
      },
    });
    const payloads = readMultipart(await toy.post("{ letters @stream(initialCount: 1) }", { accept: multipart }));
    expect(await next(payloads)).toEqual({ data: { letters: ["a"] }, hasNext: true });
    gate.resolve();
    const rest = await collect(payloads);
    expect(rest.flatMap(({ incremental }) => incremental ?? [])).toEqual([{ path: ["letters", 1], items: ["b"] }]);
    expect(rest.at(-1)?.hasNext).toBe(false);
  });

  test("a source is not drained when nobody reads", async () => {
    let produced = 0;
    const toy = toyGateway("type Query { numbers: [Int!]! }", {
      Query: {
        numbers: async function* () {
          for (;;) yield ++produced;
        },
      },
    });
    const response = await toy.post("{ numbers @stream }", { accept: multipart });
    const reader = response.body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setImmediate(resolve));
    const producedUnread = produced;
    await new Promise((resolve) => setImmediate(resolve));
    await reader?.cancel();
    expect(producedUnread).toBeLessThan(200);
    expect(produced - producedUnread).toBeLessThan(100);
  });

  test("on something that is no list it is refused by validation", async () => {
    const toy = toyGateway("type Query { a: Int }", {});
    const answer = await toy.ask("{ a @stream }");
    expect(answer.errors?.[0]?.extensions).toEqual({ code: "GRAPHQL_VALIDATION_FAILED" });
  });
});
