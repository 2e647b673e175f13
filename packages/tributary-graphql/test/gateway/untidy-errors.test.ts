import { createContext, runInContext } from "node:vm";
import { GraphQLError } from "graphql";
import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { type ToyAnswer, type ToyGateway, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { collectEvents } from "./subscriptions/support/collect.ts";
import { type ClientResult, transports } from "./subscriptions/support/transports.ts";

function circle(): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  members.self = members;
  return members;
}

const throwingGetter = (name: string): Error =>
  Object.defineProperty(new Error("boom"), name, {
    enumerable: true,
    get() {
      throw new Error(`no ${name}`);
    },
  });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable(new Error("boom"), {});
  revoke();
  return proxy;
}

const trap = () => {
  throw new Error("trapped");
};

function causeLoop(): Error {
  const first = new Error("first");
  first.cause = new Error("second", { cause: first });
  return first;
}

function originalLoop(): Error {
  const error = new GraphQLError("loop");
  Object.defineProperty(error, "originalError", { value: error });
  return error;
}

class OddError extends GraphQLError {
  constructor() {
    super("boom");
    Object.defineProperty(this, "originalError", { get: trap });
  }
}

/** Any value that a resolver may throw. */
const thrown: readonly (readonly [title: string, value: () => unknown])[] = [
  ["an error with a list as path", () => Object.assign(new Error("boom"), { path: ["a", 1] })],
  ["an error with a list of circles as path", () => Object.assign(new Error("boom"), { path: [circle(), 1n] })],
  ["a GraphQLError with a BigInt in its path", () => Object.assign(new GraphQLError("boom"), { path: [1n] })],
  ["a frozen error", () => Object.freeze(new Error("boom"))],
  ["a frozen GraphQLError", () => Object.freeze(new GraphQLError("boom"))],
  [
    "a sealed AggregateError of odd ones",
    () => Object.seal(new AggregateError([undefined, revoked(), 1n, causeLoop()], "boom")),
  ],
  ...[
    "message",
    "stack",
    "path",
    "nodes",
    "source",
    "positions",
    "extensions",
    "cause",
    "name",
    "code",
    "originalError",
    "errors",
  ].map((name) => [`an error whose ${name} throws`, () => throwingGetter(name)] as const),
  ["null", () => null],
  ["undefined", () => undefined],
  ["a symbol", () => Symbol("boom")],
  ["a function", () => () => "boom"],
  ["a BigInt", () => 10n],
  ["a number", () => Number.NaN],
  ["an object without a prototype", () => Object.create(null)],
  ["a circle", circle],
  ["a revoked proxy", revoked],
  [
    "a proxy whose every trap throws",
    () =>
      new Proxy(new Error("boom"), {
        get: trap,
        getPrototypeOf: trap,
        ownKeys: trap,
        getOwnPropertyDescriptor: trap,
        has: trap,
      }),
  ],
  ["an object whose toJSON throws", () => ({ toJSON: trap })],
  ["an error whose toString throws", () => Object.assign(new Error("boom"), { toString: trap, toJSON: trap })],
  ["an error whose message is an object", () => Object.assign(new Error("boom"), { message: circle() })],
  ["an error with a message of a megabyte", () => new Error("x".repeat(1_000_000))],
  ["an error of another realm", () => runInContext("new Error('boom')", createContext({}))],
  ["an error with a loop of causes", causeLoop],
  ["a GraphQLError that is its own original", originalLoop],
  ["a GraphQLError whose original throws", () => new OddError()],
  [
    "an error with nodes that are none",
    () => Object.assign(new Error("boom"), { nodes: [null, 1n], positions: [1n], source: 1 }),
  ],
  [
    "a GraphQLError with locations that are none",
    () => Object.assign(new GraphQLError("boom"), { nodes: [null], positions: ["x"], locations: circle() }),
  ],
  [
    "an AggregateError of itself",
    () => {
      const error = new AggregateError([], "boom");
      error.errors.push(error);
      return error;
    },
  ],
  [
    "an error with a code and a source that is a circle",
    () => Object.assign(new Error("boom"), { code: "FORBIDDEN", source: circle() }),
  ],
];

/** Extensions of an error with a code, which are for the client, and what it gets of them. */
const extended: readonly (readonly [title: string, extensions: () => Record<string, unknown>, shown: unknown])[] = [
  ["a BigInt", () => ({ limit: 10n }), { limit: "10" }],
  ["a BigInt within", () => ({ of: { limit: [10n] } }), { of: { limit: ["10"] } }],
  ["a circle", () => ({ fine: 1, odd: circle() }), { fine: 1, odd: "[cannot be written as JSON]" }],
  ["a toJSON that throws", () => ({ fine: 1, odd: { toJSON: trap } }), { fine: 1, odd: "[cannot be written as JSON]" }],
  ["a Date", () => ({ at: new Date(0) }), { at: "1970-01-01T00:00:00.000Z" }],
  ["a date that is none", () => ({ at: new Date(Number.NaN) }), { at: null }],
  ["a Map", () => ({ of: new Map([[1, 2]]) }), { of: {} }],
  ["undefined, a function and a symbol", () => ({ a: undefined, b: trap, c: Symbol("c"), d: 1 }), { d: 1 }],
  ["a revoked proxy", () => ({ fine: 1, odd: revoked() }), { fine: 1, odd: "[cannot be written as JSON]" }],
];

const sdl = `
  type Query { fine: Int fails: Int list: [Int] late: Int }
  type Mutation { fails: Int }
  type Subscription { events: Event broken: Event refused: Event }
  type Event { fine: Int fails: Int }
`;

function toyThrowing(value: () => unknown, options: ToyOptions = {}): ToyGateway {
  const fails = () => {
    throw value();
  };
  return toyGateway(
    sdl,
    {
      Query: {
        fine: () => 1,
        fails,
        late: async () => fails(),
        list: async function* () {
          yield 1;
          fails();
        },
      },
      Mutation: { fails },
      Subscription: {
        events: async function* () {
          yield { events: { fine: 1 } };
          yield { events: { fine: 2 } };
        },
        broken: async function* () {
          yield { broken: { fine: 1 } };
          fails();
        },
        refused: fails,
      },
      Event: { fails },
    },
    options,
  );
}

const isTold = (answer: Pick<ToyAnswer, "errors"> | ClientResult | undefined): void => {
  expect(answer?.errors?.length).toBeGreaterThan(0);
  for (const { message, extensions } of answer?.errors ?? []) {
    expect(typeof message).toBe("string");
    expect(["INTERNAL_SERVER_ERROR", "FORBIDDEN"]).toContain(extensions?.code);
  }
};

describe("whatever a resolver throws fails its field alone", () => {
  test.each(thrown)("%s", async (_, value) => {
    for (const query of ["{ fine fails }", "{ fine late }"]) {
      const toy = toyThrowing(value);
      const response = await toy.post(query, { accept: "application/json" });
      expect(response.status).toBe(200);
      const answer: ToyAnswer = JSON.parse(await response.text());
      expect(answer.data).toEqual({ fine: 1, [query === "{ fine fails }" ? "fails" : "late"]: null });
      isTold(answer);
      expect(answer.errors?.[0]?.path).toEqual([query === "{ fine fails }" ? "fails" : "late"]);
      expect(toy.requestLine()).toMatchObject({ outcome: "partial" });
      expect(JSON.stringify(toy.lines).length).toBeLessThan(50_000);
    }
  });

  test.each(thrown)("%s, by GET, in a mutation and as graphql-response+json", async (_, value) => {
    const toy = toyThrowing(value);
    const got = await toy.gateway.fetch(new Request("http://toys.test/graphql?query={fine fails}"));
    expect(got.status).toBe(200);
    expect(await got.json()).toMatchObject({ data: { fine: 1, fails: null } });
    const changed = await toy.post("mutation { fails }", { accept: "application/graphql-response+json" });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toMatchObject({ data: { fails: null } });
  });

  test.each(thrown)("%s, in a stream", async (_, value) => {
    for (const accept of ["multipart/mixed", "multipart/mixed;incrementalSpec=v0.2"]) {
      const toy = toyThrowing(value);
      const deferred = await collect(readMultipart(await toy.post("{ fine ... @defer { fails } }", { accept })));
      expect(deferred[0]?.data).toEqual({ fine: 1 });
      expect(JSON.stringify(deferred)).toContain('"fails":null');
      expect(deferred.at(-1)?.hasNext).toBe(false);
      const listed = await collect(readMultipart(await toy.post("{ list @stream(initialCount: 1) }", { accept })));
      expect(listed[0]?.data).toEqual({ list: [1] });
      expect(listed.at(-1)?.hasNext).toBe(false);
      expect(JSON.stringify(listed)).toContain('"code":');
    }
  });

  test.each(thrown)("%s, in the events of a subscription, and in its source", async (_, value) => {
    const { gateway } = toyThrowing(value);
    const { url } = await gateway.listen({ host: "127.0.0.1", port: 0 });
    for (const { subscribe } of transports) {
      const ask = (query: string) => collectEvents(subscribe(url, query));
      const events = await ask("subscription { events { fine fails } }");
      expect(events.map(({ data }) => data)).toEqual([
        { events: { fine: 1, fails: null } },
        { events: { fine: 2, fails: null } },
      ]);
      for (const event of events) isTold(event);
      const broken = await ask("subscription { broken { fine } }");
      expect(broken[0]?.data).toEqual({ broken: { fine: 1 } });
      isTold(broken.at(-1));
      const refused = await ask("subscription { refused { fine } }");
      isTold(refused[0]);
    }
  });

  test.each(thrown)("%s, where the context is made", async (_, value) => {
    const toy = toyThrowing(value, {
      createContext: () => {
        throw value();
      },
    });
    const response = await toy.post("{ fine }", { accept: "application/json" });
    expect(response.status).toBe(500);
    isTold(JSON.parse(await response.text()));
  });

  test.each(thrown)("%s, in a readiness check", async (_, value) => {
    const toy = toyThrowing(value, { readiness: { disk: async () => Promise.reject(value()) } });
    const response = await toy.gateway.fetch(new Request("http://toys.test/health/ready"));
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: "unready" });
  });
});

test("an odd error that fails several fields is logged once", async () => {
  const odd = Object.freeze(throwingGetter("message"));
  const toy = toyThrowing(() => odd);
  const answer = await toy.ask("{ fails again: fails third: fails }");
  expect(answer.errors).toHaveLength(3);
  expect(toy.lines.filter(({ level }) => level === 50)).toHaveLength(1);
});

describe("extensions of an error with a code are told as JSON has them", () => {
  test.each(extended)("%s", async (_, extensions, shown) => {
    const toy = toyThrowing(
      () => new GraphQLError("Too many.", { extensions: { code: "LIMIT_EXCEEDED", ...extensions() } }),
    );
    const answer = await toy.ask("{ fine fails }");
    expect(answer.data).toEqual({ fine: 1, fails: null });
    expect(answer.errors?.[0]?.extensions).toEqual({ code: "LIMIT_EXCEEDED", ...(shown as object) });
  });
});

test("a message of a megabyte is told in part", async () => {
  const toy = toyThrowing(() => new GraphQLError("x".repeat(1_000_000), { extensions: { code: "LIMIT_EXCEEDED" } }));
  const message = (await toy.ask("{ fails }")).errors?.[0]?.message ?? "";
  expect(message.length).toBeLessThan(1_100);
  expect(message).toMatch(/^x+… \(999000 more characters\)$/);
});
