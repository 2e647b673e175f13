import { setImmediate as nextTurn } from "node:timers/promises";
import DataLoader from "dataloader";
import { type ToyContext, type ToyOptions, type ToyResolver, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const sdl = `
  type Query { one: Int nodes(n: Int!): [Node!] strict(n: Int!): [Node!]! texts(n: Int!): [String!] stuck: Int }
  type Node { id: Int! name: String loaded: Int fails: Int slow: Int nodes(n: Int!): [Node!] }
`;

const nodes = (n: number) => Array.from({ length: n }, (_, id) => ({ id, name: "x".repeat(10) }));
const list: ToyResolver = (_, { n }) => nodes(n);

interface LoadingContext extends ToyContext {
  readonly loader: DataLoader<number, number>;
}

/** A gateway whose nodes are loaded in batches; what it counts is the number of keys of each batch. */
function toy(options: ToyOptions = {}) {
  const batches: number[] = [];
  const made = toyGateway(
    sdl,
    {
      Query: {
        one: () => 1,
        nodes: list,
        strict: list,
        texts: (_, { n }) => Array.from({ length: n }, () => "y".repeat(1_000)),
        stuck: () => new Promise(() => undefined),
      },
      Node: {
        nodes: list,
        loaded: (node, _, context) => (context as LoadingContext).loader.load((node as { id: number }).id),
        fails: () => {
          throw new Error("no");
        },
        slow: () => {
          const until = performance.now() + 1;
          while (performance.now() < until);
          return 1;
        },
      },
    },
    {
      createContext: (scope): LoadingContext =>
        Object.assign(scope, {
          loader: new DataLoader<number, number>(
            async (keys) => {
              batches.push(keys.length);
              return [...keys];
            },
            { cache: false, batchScheduleFn: scope.scheduleBatch },
          ),
        }),
      ...options,
    },
  );
  return { ...made, batches };
}

/** By the plan, and by graphql-js, which executes what a client takes as a stream. */
const ways = [
  ["by its plan", "", "application/json"],
  ["by graphql-js", "... @defer { deferred: one } ", "multipart/mixed"],
] as const;

describe.each(ways)("a query that is executed %s", (_way, also, accept) => {
  const ask = async (made: ReturnType<typeof toy>, fields: string) => {
    const response = await made.post(`{ ${also}${fields} }`, { accept });
    const text = await response.text();
    const first =
      accept === "application/json" ? text : (text.split("\r\n").find((line) => line.startsWith("{")) ?? "");
    return JSON.parse(first);
  };

  test("fails a list with too many values with its path, and answers the others", async () => {
    const made = toy({ limits: { resultValues: 100 } });
    const { data, errors } = await ask(made, "one nodes(n: 60) { id name }");
    expect(data).toEqual({ one: 1, nodes: null });
    expect(
      errors.map(({ path, extensions: { code } }: { path: unknown[]; extensions: { code: string } }) => [
        path[0],
        code,
      ]),
    ).toEqual([["nodes", "LIMIT_EXCEEDED"]]);
    expect(errors[0].message).toMatch("more than 100 values");
  });

  test("is not executed below a list that is too large", async () => {
    const made = toy({ limits: { resultValues: 100 } });
    await ask(made, "nodes(n: 101) { loaded }");
    expect(made.batches).toEqual([]);
  });

  test("has too large a result by what its lists multiply", async () => {
    const made = toy({ limits: { resultValues: 1_000 } });
    const { data, errors } = await ask(made, "nodes(n: 20) { nodes(n: 20) { nodes(n: 20) { id } } }");
    expect(errors[0].extensions.code).toBe("LIMIT_EXCEEDED");
    expect(JSON.stringify(data).length).toBeLessThan(10_000);
  });

  test("fails where it has too many bytes", async () => {
    const made = toy({ limits: { resultBytes: 50_000 } });
    const { data, errors } = await ask(made, "one texts(n: 100)");
    expect(data).toEqual({ one: 1, texts: null });
    expect(errors[0]).toMatchObject({ path: ["texts", 49], extensions: { code: "LIMIT_EXCEEDED" } });
  });

  test("lists so many errors, and one that says that others are left out", async () => {
    const made = toy({ limits: { resultErrors: 10 } });
    const { data, errors } = await ask(made, "nodes(n: 50) { id fails }");
    expect(data.nodes).toHaveLength(50);
    expect(errors).toHaveLength(11);
    expect(errors[10]).toMatchObject({ extensions: { code: "LIMIT_EXCEEDED" } });
  });

  test("that is too large in many positions lists ten of them, and one error that says that others are left out", async () => {
    const made = toy({ limits: { resultValues: 1_000 } });
    const lists = Array.from({ length: 60 }, (_, n) => `t${n}: texts(n: 100)`).join(" ");
    const { data, errors } = await ask(made, lists);
    expect(data).toMatchObject({ t59: null });
    const messages: string[] = errors.map(({ message }: { message: string }) => message);
    expect(messages.filter((message) => message.includes("more than 1000 values"))).toHaveLength(10);
    expect(messages.filter((message) => message.includes("too large in more than 10 positions"))).toHaveLength(1);
  });

  test("with slow resolvers lets timers, and other requests, go on meanwhile", async () => {
    const made = toy();
    let isDone = false;
    const slow = ask(made, "nodes(n: 900) { slow }").finally(() => {
      isDone = true;
    });
    let answered = 0;
    while (!isDone) {
      expect((await made.ask("{ one }")).data).toEqual({ one: 1 });
      answered++;
      await nextTurn();
    }
    expect((await slow).data.nodes).toHaveLength(900);
    expect(answered).toBeGreaterThan(2);
  });

  test("has one batch a level, however often it pauses", async () => {
    const made = toy();
    const { data } = await ask(made, "nodes(n: 400) { slow loaded nodes(n: 1) { slow loaded } }");
    expect(data.nodes).toHaveLength(400);
    expect(made.batches.length).toBeLessThanOrEqual(2);
    expect(made.batches.reduce((sum, keys) => sum + keys, 0)).toBe(800);
  });

  test("is ended by its deadline while it works", async () => {
    const made = toy({ requestTimeoutMs: 100 });
    const { errors } = await ask(made, "nodes(n: 3000) { slow }");
    expect(errors[0].extensions.code).toBe("DEADLINE_EXCEEDED");
  });
});

test.each([
  ["made with scheduleBatch", true],
  ["of one's own, without scheduleBatch,", false],
])("a loader %s has one batch for thousands of objects", async (_which, isHeld) => {
  const batches: number[] = [];
  const made = toyGateway(
    "type Query { nodes: [Node!] } type Node { id: Int name: String loaded: Int }",
    {
      Query: { nodes: () => nodes(4_000) },
      Node: { loaded: (node, _, context) => (context as LoadingContext).loader.load((node as { id: number }).id) },
    },
    {
      createContext: (scope): LoadingContext =>
        Object.assign(scope, {
          loader: new DataLoader<number, number>(
            async (keys) => {
              batches.push(keys.length);
              return [...keys];
            },
            isHeld ? { batchScheduleFn: scope.scheduleBatch } : {},
          ),
        }),
    },
  );
  const { data } = await made.ask("{ nodes { id name loaded } }");
  expect(data?.nodes).toHaveLength(4_000);
  expect(batches).toEqual([4_000]);
});

test("a streamed answer has a limit for all of its payloads together", async () => {
  const made = toy({ limits: { streamValues: 300 } });
  const response = await made.post("{ one nodes(n: 1000) @stream(initialCount: 2) { id name } }", {
    accept: "multipart/mixed",
  });
  const text = await response.text();
  expect(text).toContain("The streamed answer has more than 300 values");
  expect(text.match(/"name":/g)?.length).toBeGreaterThan(10);
  expect(text.match(/"name":/g)?.length).toBeLessThanOrEqual(100);
  expect(text).toContain('"hasNext":false');
});

describe("a streamed answer that exceeds a limit of all of its payloads together", () => {
  const stream = async (limits: ToyOptions["limits"], fields: string) => {
    let taken = 0;
    let returned = 0;
    async function* endless() {
      try {
        for (; taken < 100_000; taken++) yield { id: taken, name: "z" };
      } finally {
        returned++;
      }
    }
    const made = toyGateway(
      sdl,
      {
        Query: { nodes: endless, one: () => 1 },
        Node: {
          nodes: list,
          fails: () => {
            throw new Error("no");
          },
        },
      },
      { limits },
    );
    const response = await made.post(`{ one ${fields} }`, { accept: "multipart/mixed" });
    const text = await response.text();
    const payloads = text.split("\r\n").filter((line) => line.startsWith("{"));
    return { text, last: payloads.at(-1) ?? "", taken, returned };
  };

  test.each([
    ["values", { streamValues: 3_000 }, "nodes(n: 1) @stream { id nodes(n: 10) { id } }", "more than 3000 values"],
    ["bytes", { streamBytes: 30_000 }, "nodes(n: 1) @stream { id nodes(n: 10) { id } }", "more than 30000 bytes"],
    ["errors", { resultErrors: 50 }, "nodes(n: 1) @stream { id fails }", "more than 50 errors"],
  ])("of %s ends with one error, and closes its source", async (_what, limits, fields, message) => {
    const { text, last, taken, returned } = await stream(limits, fields);
    expect(last).toContain(message);
    expect(last).toContain('"hasNext":false');
    expect(text.match(/"code":"LIMIT_EXCEEDED"/g)?.length).toBeLessThanOrEqual(12);
    expect(text.match(/"errors":/g)?.length).toBeLessThanOrEqual(200);
    expect(taken).toBeLessThan(1_000);
    expect(returned).toBe(1);
  });
});

test("hundreds of batches let timers, and other requests, go on meanwhile", async () => {
  const made = toyGateway(
    "type Query { one: Int slow(n: Int): Int }",
    {
      Query: {
        one: () => 1,
        slow: (_, { n }, { scheduleBatch }) =>
          new DataLoader<number, number>(
            async (keys) => {
              const until = performance.now() + 2;
              while (performance.now() < until);
              return keys;
            },
            { batchScheduleFn: scheduleBatch },
          ).load(n),
      },
    },
    {},
  );
  let isDone = false;
  const fields = Array.from({ length: 300 }, (_, n) => `s${n}: slow(n: ${n})`).join(" ");
  const slow = made.ask(`{ ${fields} }`).finally(() => {
    isDone = true;
  });
  let answered = 0;
  while (!isDone) {
    expect((await made.ask("{ one }")).data).toEqual({ one: 1 });
    answered++;
    await nextTurn();
  }
  expect((await slow).data).toMatchObject({ s0: 0, s299: 299 });
  expect(answered).toBeGreaterThan(10);
});

test("a rejection in a pause fails its own field alone", async () => {
  const made = toyGateway("type Query { nodes: [Node!] } type Node { a: Int b: Int }", {
    Query: { nodes: () => nodes(600) },
    Node: {
      a: () => {
        const until = performance.now() + 1;
        while (performance.now() < until);
        return Promise.reject(new Error("no"));
      },
      b: () => 1,
    },
  });
  const { data, errors } = await made.ask("{ nodes { a b } }");
  expect(data?.nodes).toHaveLength(600);
  expect(errors).toHaveLength(600);
});

test("a request makes no more calls to sources than it may; what is refused is not called, and names its source", async () => {
  let called = 0;
  const made = toyGateway(
    "type Query { call: Int }",
    {
      Query: {
        call: (_, __, { calls }) => {
          calls.begin("moon", "phase", 1).succeed(1);
          return ++called;
        },
      },
    },
    { limits: { sourceCalls: 3 } },
  );
  const { data, errors } = await made.ask("{ a: call b: call c: call d: call e: call }");
  expect(data).toEqual({ a: 1, b: 2, c: 3, d: null, e: null });
  expect(called).toBe(3);
  expect(errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
    [["d"], { code: "LIMIT_EXCEEDED", source: "moon" }],
    [["e"], { code: "LIMIT_EXCEEDED", source: "moon" }],
  ]);
  expect(errors?.[0]?.message).toMatch("more than 3 calls to sources: phase of moon");
});

describe("a page of another origin", () => {
  const get = (made: ReturnType<typeof toy>, headers: Record<string, string>) =>
    made.gateway.fetch(new Request("http://toys.test/graphql?query={one}", { headers }));

  test.each([
    ["an image", { "sec-fetch-mode": "no-cors", "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" }],
    ["an image of the same site", { "sec-fetch-mode": "no-cors", "sec-fetch-site": "same-site" }],
    ["a frame", { "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe" }],
  ])("that embeds a query as %s is refused, and nothing is executed", async (_what, headers) => {
    const made = toy();
    const response = await get(made, headers);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
    expect(made.gateway.executions.planned).toBe(0);
  });

  test.each([
    ["no browser", {}],
    ["fetch of another origin", { "sec-fetch-mode": "cors", "sec-fetch-site": "cross-site", origin: "http://a.test" }],
    ["fetch of the same origin", { "sec-fetch-mode": "same-origin", "sec-fetch-site": "same-origin" }],
    ["an image of the same origin", { "sec-fetch-mode": "no-cors", "sec-fetch-site": "same-origin" }],
    ["a link", { "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site", "sec-fetch-dest": "document" }],
    ["the address bar", { "sec-fetch-mode": "navigate", "sec-fetch-site": "none", "sec-fetch-dest": "document" }],
  ])("%s is answered", async (_what, headers) => {
    expect(await (await get(toy(), headers)).json()).toEqual({ data: { one: 1 } });
  });
});
