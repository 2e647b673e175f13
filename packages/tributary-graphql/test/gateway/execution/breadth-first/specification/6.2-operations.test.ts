import { expect, test } from "vitest";
import { answerOf, ask, run, schemaOf } from "../support/ask.ts";

const sdl =
  "type Query { a: Int } type Mutation { set(to: Int!): Box strict: Int! } type Box { value: Int later: Int }";

/** A state that mutations change, each an event-loop iteration later. */
function makeBox(log: string[]) {
  const box = { value: 0 };
  return {
    box,
    root: {
      set: async ({ to }: { to: number }) => {
        log.push(`begin ${to}`);
        await new Promise((resolve) => setImmediate(resolve));
        box.value = to;
        log.push(`end ${to}`);
        return {
          value: () => box.value,
          later: async () => {
            await new Promise((resolve) => setImmediate(resolve));
            log.push(`read ${to}`);
            return box.value;
          },
        };
      },
    },
  };
}

test("6.2.1 Query: the root selection set is executed with the initial value as its object", async () => {
  expect(await ask("type Query { a: Int self: Query }", "{ a self { a } }", { a: 1, self: { a: 2 } })).toEqual({
    data: { a: 1, self: { a: 2 } },
  });
});

test("6.2.1 Query: without an initial value, fields without a resolver are null", async () => {
  expect(await ask("type Query { a: Int }", "{ a }", undefined)).toEqual({ data: { a: null } });
});

test("6.2.1 Query: root fields are executed concurrently", async () => {
  const begun: string[] = [];
  const gate = Promise.withResolvers<number>();
  const a = () => {
    begun.push("a");
    return gate.promise;
  };
  const b = () => {
    begun.push("b");
    gate.resolve(2);
    return 1;
  };
  const result = run(schemaOf("type Query { a: Int b: Int }"), "{ a b }", { rootValue: { a, b } });
  expect(begun).toEqual(["a", "b"]);
  expect(await answerOf(result)).toEqual({ data: { a: 2, b: 1 } });
});

test("6.2.2 Mutation: each root field, with all that is within it, is complete before the next begins", async () => {
  const log: string[] = [];
  const { root } = makeBox(log);
  const text =
    "mutation { first: set(to: 1) { value later } second: set(to: 3) { value later } third: set(to: 2) { value } }";
  expect(await ask(sdl, text, root)).toEqual({
    data: { first: { value: 1, later: 1 }, second: { value: 3, later: 3 }, third: { value: 2 } },
  });
  expect(log).toEqual(["begin 1", "end 1", "read 1", "begin 3", "end 3", "read 3", "begin 2", "end 2"]);
});

test("6.2.2 Mutation: a nullable root field that fails does not keep the others from being executed", async () => {
  const fail = () => Promise.reject(new Error("no"));
  const text = "mutation { first: a second: b third: c }";
  const log: string[] = [];
  const root = { a: () => log.push("a"), b: fail, c: () => log.push("c") };
  expect(await ask("type Query { a: Int } type Mutation { a: Int b: Int c: Int }", text, root)).toEqual({
    data: { first: 1, second: null, third: 2 },
    errors: [{ message: "no", path: ["second"], locations: [{ line: 1, column: 21 }] }],
  });
});

test.each(["at once", "later"])(
  "6.2.2 Mutation: a non-null root field that fails %s ends it, and nothing after it is executed",
  async (when) => {
    const log: string[] = [];
    const { root } = makeBox(log);
    const strict = () => {
      if (when === "later") return Promise.reject(new Error("no"));
      throw new Error("no");
    };
    const { data, errors } = await ask(sdl, "mutation { set(to: 1) { value } strict other: set(to: 2) { value } }", {
      ...root,
      strict,
    });
    expect(data).toBeNull();
    expect(errors?.map(({ path }) => path)).toEqual([["strict"]]);
    expect(log).toEqual(["begin 1", "end 1"]);
  },
);

test("6.2.2 Mutation: a mutation whose fields are all there at once is answered at once", () => {
  const log: string[] = [];
  const result = run(schemaOf("type Query { a: Int } type Mutation { a: Int b: Int }"), "mutation { b a }", {
    rootValue: { a: () => log.push("a"), b: () => log.push("b") },
  });
  expect(result).toEqual({ data: { b: 1, a: 2 } });
  expect(log).toEqual(["b", "a"]);
});

test("6.2.3.2 ExecuteSubscriptionEvent: a subscription is executed like a query, with the event as its root", async () => {
  const schema = schemaOf("type Query { a: Int } type Subscription { news: Item } type Item { title: String! }");
  const text = "subscription { news { title } }";
  expect(await answerOf(run(schema, text, { rootValue: { news: { title: "one" } } }))).toEqual({
    data: { news: { title: "one" } },
  });
  expect(await answerOf(run(schema, text, { rootValue: { news: {} } }))).toEqual({
    data: { news: null },
    errors: [
      {
        message: "Cannot return null for non-nullable field Item.title.",
        path: ["news", "title"],
        locations: [{ line: 1, column: 23 }],
      },
    ],
  });
});
