import { setTimeout as delay } from "node:timers/promises";
import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { type ToyContext, toyGateway } from "tributary-testing/toy-gateway.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { rejections } from "./execution/breadth-first/random/rejections.ts";

beforeAll(() => rejections.listen());
afterAll(() => rejections.stopListening());
afterEach(async () => {
  await delay(20);
  expect(rejections.take()).toEqual([]);
});

const sdl = `
  scalar Anything
  interface Named { name: String }
  type Query { users: [User] teams: [[User]] named: [Named] anything: Anything word: String }
  type User implements Named { id: Int name: String orders: [Int] profile: Profile friend: User }
  type Profile { city: String }`;

const later = async <Value>(milliseconds: number, make: () => Value): Promise<Value> => {
  await delay(milliseconds);
  return make();
};
const rejectsIn = (milliseconds: number): Promise<never> =>
  later(milliseconds, () => {
    throw new Error("no");
  });
const ada = () => ({ __typename: "User", name: "Ada", orders: [rejectsIn(5)], friend: { orders: rejectsIn(3) } });
const bob = () => ({ __typename: "User", name: "Bob", orders: [] });
const users = () => [later(5, ada), later(40, bob)];

describe("a rejection within a value that came before its neighbour", () => {
  test("fails its field alone", async () => {
    const toy = toyGateway(sdl, { Query: { users } });
    const { data, errors } = await toy.ask("{ users { name orders friend { orders } } }");
    expect(data).toEqual({
      users: [
        { name: "Ada", orders: [null], friend: { orders: null } },
        { name: "Bob", orders: [], friend: null },
      ],
    });
    expect(errors?.map(({ path }) => path)).toEqual([
      ["users", 0, "friend", "orders"],
      ["users", 0, "orders", 0],
    ]);
  });

  test.each([
    ["deferred", "{ users { name ... @defer { orders friend { orders } } } }"],
    ["in a streamed list", "{ users @stream(initialCount: 0) { name orders friend { orders } } }"],
    [
      "in a streamed list whose first items are slow",
      "{ users @stream(initialCount: 1) { name orders friend { orders } } word }",
    ],
    ["deferred in deferred", "{ users { ... @defer { name ... @defer { orders friend { orders } } } } }"],
    ["waiting for its type", "{ word ... @defer { named { name ... on User { orders } } } }"],
    ["in JSON", "{ word ... @defer { anything } }"],
  ])("%s: the answer is complete", async (_where, text) => {
    const named = () => [ada(), later(2, ada)];
    const typed = {
      Query: { users, named, anything: () => ({ users: [ada()] }), word: () => later(15, () => "word") },
    };
    const toy = toyGateway(sdl, typed);
    const payloads = await collect(readMultipart(await toy.post(text, { accept: "multipart/mixed" })));
    expect(payloads.at(-1)).toMatchObject({ hasNext: false });
  });

  test("that comes after the deadline ends nothing", async () => {
    const late = () => [later(150, ada), later(160, () => [ada()])];
    for (const text of [
      "{ users { orders friend { orders } } }",
      "{ word ... @defer { users { orders friend { orders } } } }",
    ]) {
      const toy = toyGateway(sdl, { Query: { users: late, word: () => "word" } }, { requestTimeoutMs: 20 });
      await (await toy.post(text, { accept: "multipart/mixed, application/json" })).text();
      await delay(180);
    }
  });
});

describe("at the deadline, objects keep what was complete", () => {
  const heeding = ({ signal }: ToyContext) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const people = () => [1, 2, 3, 4].map((id) => ({ id }));
  const resolvers = {
    Query: { users: people, teams: () => [people().slice(0, 2), people().slice(2)] },
    User: {
      name: async (user: unknown) => `user ${(user as { id: number }).id}`,
      profile: (user: unknown, _args: unknown, context: ToyContext) =>
        (user as { id: number }).id === 3 ? heeding(context) : later(3, () => ({ city: async () => "Oslo" })),
    },
  };
  const whole = (id: number) => ({ name: `user ${id}`, profile: id === 3 ? null : { city: "Oslo" } });

  test("in a list, and in lists of lists", async () => {
    const toy = toyGateway(sdl, resolvers, { requestTimeoutMs: 80 });
    const { data, errors } = await toy.ask("{ users { name profile { city } } teams { name profile { city } } }");
    expect(data).toEqual({ users: [1, 2, 3, 4].map(whole), teams: [[1, 2].map(whole), [3, 4].map(whole)] });
    expect(errors?.map(({ path, extensions }) => [path?.join("."), extensions.code])).toEqual([
      ["users.2.profile", "DEADLINE_EXCEEDED"],
      ["teams.1.0.profile", "DEADLINE_EXCEEDED"],
    ]);
  });

  test("for each of the requests that share one execution", async () => {
    const toy = toyGateway(sdl, resolvers, { requestTimeoutMs: 80 });
    const answers = await Promise.all([1, 2, 3].map(() => toy.ask("{ users { name profile { city } } }")));
    for (const { data } of answers) expect(data).toEqual({ users: [1, 2, 3, 4].map(whole) });
  });

  test("over server-sent events, and beside a deferred part", async () => {
    const toy = toyGateway(sdl, resolvers, { requestTimeoutMs: 80 });
    const response = await toy.post("{ users { name profile { city } } }", { accept: "text/event-stream" });
    expect(await response.text()).toContain(JSON.stringify([1, 2, 3, 4].map(whole)));
  });
});
