import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rejections } from "./random/rejections.ts";
import { ask } from "./support/ask.ts";

/** Values that throw when they are inspected: each fails its own position, and nothing else. */

beforeAll(() => rejections.listen());
afterAll(() => {
  expect(rejections.take()).toEqual([]);
  rejections.stopListening();
});

const sdl = `
  scalar Json
  interface Named { name: String }
  type Item implements Named { name: String friend: Item json: Json }
  type Query { item: Item items: [Item] named: [Named] lists: [[Item]] json: Json other: String }`;

const traps = ["get", "getPrototypeOf"] as const;

const throwingAt = (trap: (typeof traps)[number]): object =>
  new Proxy(
    { __typename: "Item" },
    {
      [trap]() {
        throw new Error(`No ${trap}.`);
      },
    },
  );

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const values: readonly (readonly [string, () => unknown])[] = [
  ...traps.map((trap) => [`a proxy whose ${trap} throws`, () => throwingAt(trap)] as const),
  ["a revoked proxy of an object", () => revoked({})],
  ["a revoked proxy of a list", () => revoked([])],
  ["a revoked proxy of a function", () => revoked(() => undefined)],
];
const good = { __typename: "Item", name: "good" };

describe.each(values)("%s", (_name, make) => {
  test.each([
    ["given", make],
    ["promised", () => delay(1).then(make)],
  ])("%s as an item fails that item", async (_how, item) => {
    const root = { items: () => [item(), good], named: () => [good, item()], lists: () => [[item()], [good]] };
    const { data, errors } = await ask(sdl, "{ items { name } named { name } lists { name } }", root);
    expect(data).toEqual({
      items: [null, { name: "good" }],
      named: [{ name: "good" }, null],
      lists: [[null], [{ name: "good" }]],
    });
    expect(errors?.map(({ path }) => path?.join(".")).sort()).toEqual(["items.0", "lists.0.0", "named.1"]);
  });

  test("as an object, as a list and below an object fails that field", async () => {
    const root = { item: make, items: make, other: "other" };
    const answer = await ask(sdl, "{ item { name } items { name } other }", root);
    expect(answer.data).toEqual({ item: null, items: null, other: "other" });
    expect(answer.errors?.map(({ path }) => path?.join("."))).toEqual(["item", "items"]);
    const below = { item: { name: "above", friend: make() } };
    expect(await ask(sdl, "{ item { name friend { name } } }", below)).toMatchObject({
      data: { item: { name: "above", friend: null } },
      errors: [{ path: ["item", "friend"] }],
    });
  });

  test("thrown, or a promise's reason, is an error of its field", async () => {
    const root = {
      item: () => {
        throw make();
      },
      items: () => Promise.reject(make()),
      other: "other",
    };
    const { data, errors } = await ask(sdl, "{ item { name } items { name } other }", root);
    expect(data).toEqual({ item: null, items: null, other: "other" });
    expect(errors?.map(({ path }) => path?.join("."))).toEqual(["item", "items"]);
  });

  test("dropped with a value that failed, or not selected, ends nothing", async () => {
    const root = { items: () => [{ __typename: "Item", json: make(), name: [] }, delay(2, { name: "late" })] };
    const { data } = await ask(sdl, "{ items { name } }", root);
    expect(data).toMatchObject({ items: [expect.anything(), { name: "late" }] });
  });
});
