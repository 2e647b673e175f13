import { setTimeout as delay } from "node:timers/promises";
import { type ToyContext, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { rejections } from "../execution/breadth-first/random/rejections.ts";
import { collectEvents } from "./support/collect.ts";
import { transports } from "./support/transports.ts";

beforeAll(() => rejections.listen());
afterAll(() => rejections.stopListening());
afterEach(async () => {
  await delay(20);
  expect(rejections.take()).toEqual([]);
});

const sdl = `
  type Query { users: [User] }
  type Subscription { joined: [User] }
  type User { id: Int name: String orders: [Int] profile: Profile friend: User }
  type Profile { city: String }`;

const later = async <Value>(milliseconds: number, make: () => Value): Promise<Value> => {
  await delay(milliseconds);
  return make();
};
const rejectsIn = (milliseconds: number): Promise<never> =>
  later(milliseconds, () => {
    throw new Error("no");
  });
const untilAborted = ({ signal }: ToyContext) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** A gateway over HTTP whose subscription has two events of one list each, and whose third user has a slow profile. */
async function urlOf(list: () => unknown, options: ToyOptions = {}): Promise<string> {
  const { gateway } = toyGateway(
    sdl,
    {
      Query: { users: list },
      Subscription: {
        joined: async function* () {
          yield { joined: list() };
          yield { joined: list() };
        },
      },
      User: {
        profile: (user: unknown, _args: unknown, context: ToyContext) =>
          (user as { id: number }).id === 3 ? untilAborted(context) : later(3, () => ({ city: async () => "Oslo" })),
      },
    },
    options,
  );
  return (await gateway.listen({ host: "127.0.0.1", port: 0 })).url;
}

const people = () => [1, 2, 3, 4].map((id) => ({ id, name: async () => `user ${id}` }));
const kept = [1, 2, 3, 4].map((id) => ({ name: `user ${id}`, profile: id === 3 ? null : { city: "Oslo" } }));
const adaAndBob = () => [
  later(2, () => ({ name: "Ada", orders: [rejectsIn(3)], friend: { orders: rejectsIn(2) } })),
  later(20, () => ({ name: "Bob", orders: [] })),
];

describe.each(transports)("over $name", ({ subscribe }) => {
  test.each([
    ["a query", "{ users { name profile { city } } }", "users", 1],
    ["each event", "subscription { joined { name profile { city } } }", "joined", 2],
  ])("at the deadline of %s, objects keep what was complete", async (_what, text, field, count) => {
    const url = await urlOf(people, { requestTimeoutMs: 80 });
    const results = await collectEvents(subscribe(url, text));
    expect(results).toHaveLength(count);
    for (const { data, errors } of results) {
      expect(data).toEqual({ [field]: kept });
      expect(errors).toMatchObject([{ path: [field, 2, "profile"], extensions: { code: "DEADLINE_EXCEEDED" } }]);
    }
  });

  test.each([
    ["a query", "{ users { name orders friend { orders } } }", "users", 1],
    ["each event", "subscription { joined { name orders friend { orders } } }", "joined", 2],
  ])("a rejection within an early value of %s fails its field alone", async (_what, text, field, count) => {
    const results = await collectEvents(subscribe(await urlOf(adaAndBob), text));
    expect(results).toHaveLength(count);
    for (const { data, errors } of results) {
      expect(data).toEqual({
        [field]: [
          { name: "Ada", orders: [null], friend: { orders: null } },
          { name: "Bob", orders: [], friend: null },
        ],
      });
      expect(errors?.map(({ path }) => path?.join(".")).sort()).toEqual([
        `${field}.0.friend.orders`,
        `${field}.0.orders.0`,
      ]);
    }
  });
});
