import { GraphQLError } from "graphql";
import { describe, expect, test } from "vitest";
import { answerOf, ask, run, schemaOf } from "../support/ask.ts";

const sdl = `
  type Query { n: Int strict: Int! item: Item strictItem: Item! items: [Item] strictItems: [Item!] strictest: [Item!]! grid: [[Int!]!] }
  type Item { n: Int strict: Int! item: Item strictItem: Item! }`;

const fail = (): never => {
  throw new Error("no");
};
const failLater = () => Promise.reject(new Error("no"));

/** Message and path of each error. */
async function failures(text: string, rootValue: unknown) {
  const { data, errors = [] } = await ask(sdl, text, rootValue);
  return { data, errors: errors.map(({ message, path }) => `${message} at ${path?.join(".")}`) };
}

describe("6.4.4 Handling Execution Errors", () => {
  test.each([
    ["thrown", fail],
    ["rejected", failLater],
    ["returned", () => new Error("no")],
    ["resolved", () => Promise.resolve(new Error("no"))],
  ])("an error that is %s makes its field null, and is reported with path and location", async (_how, n) => {
    expect(await ask(sdl, "{ item { n } }", { item: { n } })).toEqual({
      data: { item: { n: null } },
      errors: [{ message: "no", path: ["item", "n"], locations: [{ line: 1, column: 10 }] }],
    });
  });

  test("fields beside one that fails are answered", async () => {
    const rootValue = { n: 1, item: { n: fail, item: { n: 2 } } };
    expect(await failures("{ item { n item { n } } n }", rootValue)).toEqual({
      data: { item: { n: null, item: { n: 2 } }, n: 1 },
      errors: ["no at item.n"],
    });
  });

  test("an error has the location of every node that was merged", async () => {
    const { errors } = await ask(sdl, "{ n ... { n } }", { n: fail });
    expect(errors?.[0]?.locations).toEqual([
      { line: 1, column: 3 },
      { line: 1, column: 11 },
    ]);
  });

  test("an error has the path of its alias, and its extensions", async () => {
    const n = () => {
      throw new GraphQLError("no", { extensions: { code: "NO" } });
    };
    expect((await ask(sdl, "{ first: item { second: n } }", { item: { n } })).errors).toEqual([
      { message: "no", path: ["first", "second"], locations: [{ line: 1, column: 17 }], extensions: { code: "NO" } },
    ]);
  });

  test("the error that was thrown is the original of the one that is reported; one with a path is taken as it is", async () => {
    const plain = new TypeError("no");
    const located = new GraphQLError("located", { path: ["elsewhere"] });
    const rootValue = { n: () => Promise.reject(plain), item: () => located };
    const { errors = [] } = await run(schemaOf(sdl), "{ n item { n } }", { rootValue });
    const byMessage = new Map(errors.map((error) => [error.message, error]));
    expect(byMessage.get("no")?.originalError).toBe(plain);
    expect(byMessage.get("located")).toBe(located);
  });

  test.each(["a text", undefined, null, 7, { code: 1 }])("a thrown value need not be an error: %j", async (thrown) => {
    const n = () => {
      throw thrown;
    };
    const { data, errors } = await ask(sdl, "{ n }", { n });
    expect(data).toEqual({ n: null });
    expect(errors?.[0]?.message).toMatch(/^Unexpected error value: /);
  });

  test("one error that many fields share is reported for each of them, at its own path", async () => {
    const shared = new Error("shared");
    const n = () => Promise.reject(shared);
    expect(await failures("{ items { n } }", { items: [{ n }, { n }] })).toEqual({
      data: { items: [{ n: null }, { n: null }] },
      errors: ["shared at items.0.n", "shared at items.1.n"],
    });
  });

  test("an error in a list's item makes the item null", async () => {
    expect(
      await failures("{ items { n } }", { items: [{ n: 1 }, new Error("no"), Promise.reject(new Error("later"))] }),
    ).toEqual({
      data: { items: [{ n: 1 }, null, null] },
      errors: ["no at items.1", "later at items.2"],
    });
  });

  test.each([
    ["at once", fail],
    ["later", failLater],
  ])("an error %s at a non-null position makes the parent null", async (_when, strict) => {
    expect(await failures("{ item { n strict } n }", { item: { n: 1, strict }, n: 2 })).toEqual({
      data: { item: null, n: 2 },
      errors: ["no at item.strict"],
    });
  });

  test.each([
    ["at once", fail],
    ["later", failLater],
  ])("an error %s propagates to the nearest nullable parent", async (_when, strict) => {
    const text = "{ item { strictItem { strictItem { strict } } } }";
    expect(await failures(text, { item: { strictItem: { strictItem: { strict } } } })).toEqual({
      data: { item: null },
      errors: ["no at item.strictItem.strictItem.strict"],
    });
  });

  test.each([
    ["at once", fail],
    ["later", failLater],
  ])("an error %s that nothing stops makes the whole data null", async (_when, strict) => {
    expect(await failures("{ n strictItem { strict } }", { n: 1, strictItem: { strict } })).toEqual({
      data: null,
      errors: ["no at strictItem.strict"],
    });
  });

  test("a non-null item makes its list null; a non-null list makes its parent null", async () => {
    expect(await failures("{ n strictItems { n } }", { n: 1, strictItems: [{ n: 1 }, null] })).toEqual({
      data: { n: 1, strictItems: null },
      errors: ["Cannot return null for non-nullable field Query.strictItems. at strictItems.1"],
    });
    expect(
      await failures("{ n strictest { strict } }", { n: 1, strictest: [{ strict: 1 }, { strict: fail }] }),
    ).toEqual({
      data: null,
      errors: ["no at strictest.1.strict"],
    });
  });

  test("in a list of lists only the list within becomes null, where it may", async () => {
    const nested = "type Query { grid: [[Int!]] strictGrid: [[Int!]!] }";
    const grid = [[1], [null, 2], [3]];
    expect((await ask(nested, "{ grid strictGrid }", { grid, strictGrid: grid })).data).toEqual({
      grid: [[1], null, [3]],
      strictGrid: null,
    });
  });

  test.each([
    ["at once", fail],
    ["later", failLater],
  ])("of several errors %s that make one position null only one is reported", async (_when, strict) => {
    const { data, errors } = await failures("{ item { a: strict b: strict c: strict } }", { item: { strict } });
    expect(data).toEqual({ item: null });
    expect(errors).toEqual(["no at item.a"]);
  });

  test("each position that an error makes null has its own error", async () => {
    const items = [{ strict: fail }, { strict: 1 }, { strict: failLater }, { strict: null }];
    const { data, errors } = await failures("{ items { strict } }", { items });
    expect(data).toEqual({ items: [null, { strict: 1 }, null, null] });
    expect(errors.toSorted()).toEqual([
      "Cannot return null for non-nullable field Item.strict. at items.3.strict",
      "no at items.0.strict",
      "no at items.2.strict",
    ]);
  });

  test("errors are in the order in which their fields are written and their items come, when nothing is waited for", async () => {
    const item = { n: fail, strict: fail };
    const rootValue = { item: { item, n: fail }, items: [item, { n: 1, strict: 1 }, item], n: fail };
    const text = "{ item { item { n } n } items { n strict } n }";
    expect((await failures(text, rootValue)).errors).toEqual([
      "no at item.item.n",
      "no at item.n",
      "no at items.0.n",
      "no at items.0.strict",
      "no at items.2.n",
      "no at items.2.strict",
      "no at n",
    ]);
  });

  test("an error below a position that a later one makes null is reported too; one after it is not", async () => {
    const item = { n: fail, strict: fail };
    expect((await failures("{ item { n strict } }", { item })).errors).toEqual(["no at item.n", "no at item.strict"]);
    expect((await failures("{ item { strict n } }", { item })).errors).toEqual(["no at item.strict"]);
    const deep = { item: { item: { n: fail }, strict: fail } };
    expect((await failures("{ item { item { n } strict } }", deep)).errors).toEqual([
      "no at item.item.n",
      "no at item.strict",
    ]);
  });

  test("errors come before data in the answer, and are absent when there are none", async () => {
    expect(Object.keys(await run(schemaOf(sdl), "{ n }", { rootValue: { n: fail } }))).toEqual(["errors", "data"]);
    expect(Object.keys(await run(schemaOf(sdl), "{ n }", { rootValue: { n: 1 } }))).toEqual(["data"]);
  });

  test("an operation that asks for it keeps every error where it is", async () => {
    const text = "query @experimental_disableErrorPropagation { strictItem { strict n } strictest { strict } }";
    const rootValue = { strictItem: { strict: fail, n: 1 }, strictest: [{ strict: failLater }, null] };
    const { data, errors = [] } = await answerOf(run(schemaOf(sdl), text, { rootValue }));
    expect(data).toEqual({ strictItem: { strict: null, n: 1 }, strictest: [{ strict: null }, null] });
    expect(errors.map(({ path }) => path?.join(".")).toSorted()).toEqual([
      "strictItem.strict",
      "strictest.0.strict",
      "strictest.1",
    ]);
  });
});
