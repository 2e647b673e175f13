import { setTimeout as delay } from "node:timers/promises";
import { execute as graphqlExecute, parse } from "graphql";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { rejections } from "./random/rejections.ts";
import { answerOf, type Resolvers, schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

/** A rejected promise in any value of a resolver, at any time, fails its field or no field, and never ends the process. */

beforeAll(() => rejections.listen());
afterAll(() => rejections.stopListening());
afterEach(async () => {
  await delay(20);
  expect(rejections.take()).toEqual([]);
});

const sdl = `
  scalar Anything
  interface Named { name: String }
  union Found = User
  type Query { users: [User] strict: [User!] lists: [[User]] named: [Named] found: [Found] anything: Anything word: String }
  type Mutation { first: User! second: User }
  type User implements Named { name: String orders: [Int] friend: User friends: [User] must: Int! }`;

const everything = "name orders friend { name orders friend { name orders } } friends { name orders }";

const later = async <Value>(milliseconds: number, make: () => Value): Promise<Value> => {
  await delay(milliseconds);
  return make();
};
const rejectsIn = (milliseconds: number): Promise<never> =>
  later(milliseconds, () => {
    throw new Error("no");
  });
const ada = (rest: object) => ({ __typename: "User", name: "Ada", ...rest });
/** The neighbour that takes its time. */
const bob = () => later(25, () => ({ __typename: "User", name: "Bob", orders: [] }));

class Secretive {
  readonly name = "Ada";
  readonly __typename = "User";
  readonly #orders = rejectsIn(2);
  get orders() {
    return this.#orders;
  }
}
class Obliging {
  readonly name = "Ada";
  readonly #orders = rejectsIn(2);
  orders() {
    return [this.#orders];
  }
}

async function both(text: string, makeRoot: () => object, resolvers: Resolvers = {}) {
  const asked = () => ({ schema: schemaOf(sdl, resolvers), document: parse(text), rootValue: makeRoot() });
  const ours = await answerOf(execute(asked()));
  await delay(20);
  const heard = rejections.take();
  const theirs = await answerOf(graphqlExecute(asked()));
  await delay(20);
  // Some of them end the process with graphql-js.
  rejections.take();
  expect(heard).toEqual([]);
  expect(ours).toEqual(theirs);
  return ours;
}

describe("in a value that came before its siblings", () => {
  test.each<[string, () => object, string]>([
    ["an item of a list", () => ada({ orders: [rejectsIn(2)] }), "users.0.orders.0"],
    ["a list that is promised", () => ada({ orders: later(1, () => [1, rejectsIn(2)]) }), "users.0.orders.1"],
    [
      "two objects deep",
      () => ada({ friend: ada({ friend: ada({ orders: rejectsIn(2) }) }) }),
      "users.0.friend.friend.orders",
    ],
    [
      "a list of a listed object",
      () => ada({ friends: [ada({ orders: [rejectsIn(2)] })] }),
      "users.0.friends.0.orders.0",
    ],
    ["behind a getter", () => new Secretive(), "users.0.orders"],
    ["behind a method", () => new Obliging(), "users.0.orders.0"],
    [
      "behind methods of methods",
      () => ada({ friend: () => ada({ friend: async () => new Obliging() }) }),
      "users.0.friend.friend.orders.0",
    ],
    [
      "in a Set",
      () => ada({ friends: new Set([ada({ orders: new Set([rejectsIn(2)]) })]) }),
      "users.0.friends.0.orders.0",
    ],
    [
      "in the values of a Map",
      () => ada({ friends: new Map([[1, new Secretive()]]).values() }),
      "users.0.friends.0.orders",
    ],
    [
      "in a generator's item",
      () =>
        ada({
          *friends() {
            yield new Secretive();
          },
        }),
      "users.0.friends.0.orders",
    ],
    [
      "in an asynchronous item",
      () =>
        ada({
          async *friends() {
            yield new Secretive();
            await delay(5);
          },
        }),
      "users.0.friends.0.orders",
    ],
  ])("%s fails its field alone", async (_where, early, path) => {
    const { data, errors } = await both(`{ users { ${everything} } }`, () => ({ users: [later(2, early), bob()] }));
    expect(errors?.map((error) => error.path?.join("."))).toEqual([path]);
    expect(data).toMatchObject({ users: [{ name: "Ada" }, { name: "Bob" }] });
    const inner = await both(`{ lists { ${everything} } }`, () => ({
      lists: [[later(2, early)], later(9, () => [bob()])],
    }));
    expect(inner.errors?.map((error) => error.path?.join("."))).toEqual([path.replace("users", "lists.0")]);
  });

  test("promises that a resolver keeps elsewhere fail its field alone", async () => {
    const kept = new WeakMap<object, Promise<unknown>>();
    const fields = { orders: (source: unknown) => kept.get(source as object) };
    const early = () => {
      const user = ada({});
      kept.set(user, rejectsIn(2));
      return user;
    };
    const { errors } = await both("{ users { name orders } }", () => ({ users: [later(2, early), bob()] }), {
      User: { fields },
    });
    expect(errors).toHaveLength(1);
  });
});

describe("in a value whose type is pending", () => {
  const early = () => ada({ orders: [rejectsIn(2)], friend: new Map([["friend", rejectsIn(1)]]) });

  test.each<[string, Resolvers, string]>([
    [
      "of an interface",
      { Named: { resolveType: () => later(15, () => "User") } },
      "{ named { name ... on User { orders } } }",
    ],
    ["of a union", { Found: { resolveType: () => later(15, () => "User") } }, "{ found { ... on User { orders } } }"],
    ["by isTypeOf", { User: { isTypeOf: () => later(15, () => true) } }, "{ users { orders } }"],
    ["that is not its own", { User: { isTypeOf: () => later(15, () => false) } }, "{ users { orders } }"],
    ["that nobody knows", { Named: { resolveType: () => later(15, () => "Nobody") } }, "{ named { name } }"],
  ])("%s, a rejection is an error of the field, or of none", async (_where, resolvers, text) => {
    const users = () => [later(2, early), early()];
    await both(text, () => ({ users, named: users, found: users }), resolvers);
  });
});

describe("in a value that is dropped", () => {
  const users = () => [
    ada({ orders: [rejectsIn(2)], friend: { orders: rejectsIn(1) } }),
    rejectsIn(2),
    later(3, () => ada({ orders: [rejectsIn(2)] })),
  ];

  test.each<[string, string, () => object]>([
    ["because the list's iterator throws", `{ users { ${everything} } }`, () => ({ users: failing(users()) })],
    [
      "because the list's iterator throws, after it was waited for",
      `{ users { ${everything} } word }`,
      () => ({ users: later(2, () => failing(users())), word: later(20, () => "") }),
    ],
    ["because an item may not be null", "{ strict { must orders } }", () => ({ strict: [null, ...users()] })],
    ["because a field may not be null", "{ users { must orders friend { orders } } }", () => ({ users: users() })],
    ["because it is no list", "{ users { name } }", () => ({ users: { inside: users() } })],
    ["because it is no leaf", "{ word }", () => ({ word: { inside: users() } })],
    [
      "because it was thrown",
      "{ word }",
      () => ({
        word: () => {
          throw rejectsIn(2);
        },
      }),
    ],
    ["by JSON", "{ anything }", () => ({ anything: { inside: users(), map: new Map([[1, rejectsIn(1)]]) } })],
  ])("%s, no error is reported", async (_why, text, makeRoot) => {
    await answerOf(execute({ schema: schemaOf(sdl), document: parse(text), rootValue: makeRoot() }));
  });

  test("by an abort, no error is reported", async () => {
    const controller = new AbortController();
    const rootValue = { users: [...users(), later(9, () => ada({ friends: users() }))], anything: later(9, users) };
    const result = Promise.resolve(
      execute({
        schema: schemaOf(sdl),
        document: parse(`{ anything users { ${everything} } }`),
        rootValue,
        abortSignal: controller.signal,
      }),
    );
    controller.abort(new Error("enough"));
    await expect(result).rejects.toThrow("enough");
  });

  test("by the end of a mutation, no error is reported", async () => {
    const rootValue = { first: async () => null, second: users };
    const { data } = await answerOf(
      execute({ schema: schemaOf(sdl), document: parse("mutation { first { name } second { name } }"), rootValue }),
    );
    expect(data).toBeNull();
  });
});

function* failing(items: readonly unknown[]): Generator<unknown> {
  yield* items;
  throw new Error("no more");
}

describe("a large value costs no more than a small one", () => {
  test.each<[string, () => object]>([
    ["a Buffer", () => Buffer.alloc(8_000_000)],
    ["a typed array", () => new Float64Array(1_000_000)],
    ["an ArrayBuffer", () => new ArrayBuffer(8_000_000)],
    ["a boxed text", () => Object("x".repeat(1_000_000))],
    ["a list of numbers", () => Array.from({ length: 1_000_000 }, (_, index) => index)],
    ["a list of objects", () => Array.from({ length: 100_000 }, (_, index) => ({ index, inside: { index } }))],
    ["a Map", () => new Map(Array.from({ length: 100_000 }, (_, index) => [index, { index }]))],
    [
      "a dictionary",
      () => Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, { index }])),
    ],
  ])("%s beside a slow neighbour, in JSON, and where it is dropped", async (_what, make) => {
    const value = make();
    const schema = schemaOf(
      "scalar Bytes type Query { all: [Bytes] lists: [[Int]] word: String typed: Typed } interface Typed { n: Int } type Real implements Typed { n: Int }",
      {
        Typed: { resolveType: () => later(15, () => "Real") },
      },
    );
    const rootValue = {
      all: [later(1, () => value), later(10, () => "")],
      lists: [later(1, () => ({ value })), later(10, () => [])],
      word: { value },
      typed: { n: 1, value },
    };
    const looks = vi.spyOn(Object, "getOwnPropertyDescriptor");
    onTestFinished(() => looks.mockRestore());
    const { data } = await execute({ schema, document: parse("{ all lists word typed { n } }"), rootValue });
    expect(looks.mock.calls.length).toBeLessThan(21_000);
    expect(data).toMatchObject({ lists: [null, []], word: null, typed: { n: 1 } });
  });
});
