import type { GraphQLResolveInfo } from "graphql";
import { describe, expect, test } from "vitest";
import { answerOf, ask, run, schemaOf } from "../support/ask.ts";

const sdl = "type Query { a: Item items: [Item] n(v: Int): Int } type Item { n(v: Int): Int item: Item }";

describe("6.4.2 ResolveFieldValue", () => {
  test("a resolver is given source, arguments, context and info, once for each object", async () => {
    const calls: unknown[] = [];
    const context = { context: true };
    const schema = schemaOf(sdl, {
      Item: {
        fields: {
          n: (source, args, given, info) => {
            calls.push([source, { ...args }, given === context, info.fieldName, info.path.key, info.path.prev?.key]);
            return 1;
          },
        },
      },
    });
    const rootValue = { items: [{ id: 1 }, { id: 2 }] };
    await run(schema, "{ items { one: n(v: 5) two: n } }", { rootValue, contextValue: context });
    // Which object comes first is the executor's choice.
    expect(calls).toHaveLength(4);
    for (const index of [0, 1]) {
      expect(calls).toContainEqual([{ id: index + 1 }, { v: 5 }, true, "n", "one", index]);
      expect(calls).toContainEqual([{ id: index + 1 }, {}, true, "n", "two", index]);
    }
  });

  test("without a resolver a field is its source's property, inherited ones and getters included", async () => {
    class Item {
      get n(): number {
        return 7;
      }
    }
    expect(await ask(sdl, "{ a { n } }", { a: new Item() })).toEqual({ data: { a: { n: 7 } } });
    expect(await ask(sdl, "{ a { n } }", { a: Object.create({ n: 8 }) })).toEqual({ data: { a: { n: 8 } } });
    expect(await ask(sdl, "{ items { n } }", { items: [Object.assign(() => undefined, { n: 9 })] })).toEqual({
      data: { items: [{ n: 9 }] },
    });
  });

  test("without a resolver a method is called on its source with arguments, context and info", async () => {
    class Item {
      readonly #base = 10;
      n({ v }: { v: number }, { more }: { more: number }, { fieldName }: GraphQLResolveInfo): number {
        return this.#base + v + more + fieldName.length;
      }
    }
    const asked = { contextValue: { more: 100 } };
    expect(
      await ask(sdl, "{ a { n(v: 5) } items { n(v: 6) } }", { a: new Item(), items: [new Item()] }, asked),
    ).toEqual({
      data: { a: { n: 116 }, items: [{ n: 117 }] },
    });
  });

  test("a source that has no properties gives null", async () => {
    expect(await ask(sdl, "{ items { n item { n } } }", { items: [1, "text", true, Symbol("s"), 5n] })).toEqual({
      data: { items: Array.from({ length: 5 }, () => ({ n: null, item: null })) },
    });
  });

  test("`fieldResolver` is asked for every field that has no resolver of its own", async () => {
    const asked: string[] = [];
    const schema = schemaOf(sdl, { Query: { fields: { a: () => ({}) } } });
    const result = run(schema, "{ a { n item { n } } n }", {
      fieldResolver: (_source, _args, _context, { path, returnType }) => {
        asked.push(String(path.key));
        return String(returnType) === "Int" ? 3 : {};
      },
    });
    expect(await answerOf(result)).toEqual({ data: { a: { n: 3, item: { n: 3 } }, n: 3 } });
    expect(asked.toSorted()).toEqual(["item", "n", "n", "n"]);
  });

  test("`info` has all that graphql-js gives, of its own call, and keeps it when the execution is over", async () => {
    const infos: GraphQLResolveInfo[] = [];
    const n = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => infos.push(info);
    const schema = schemaOf(sdl);
    const rootValue = { items: [{ n }, { n }] };
    await run(schema, "query Q($v: Int = 2) { items { alias: n(v: $v) ...F } } fragment F on Item { item { n } }", {
      rootValue,
    });
    const [first, second] = infos;
    expect(infos.length).toBe(2);
    expect(Object.keys({ ...first }).sort()).toEqual([
      "fieldName",
      "fieldNodes",
      "fragments",
      "getAbortSignal",
      "getAsyncHelpers",
      "operation",
      "parentType",
      "path",
      "returnType",
      "rootValue",
      "schema",
      "variableValues",
    ]);
    expect(first?.path).toEqual({
      key: "alias",
      typename: "Item",
      prev: { key: 0, typename: undefined, prev: { key: "items", typename: "Query", prev: undefined } },
    });
    expect(second?.path.prev?.key).toBe(1);
    expect([first?.fieldName, String(first?.parentType), String(first?.returnType)]).toEqual(["n", "Item", "Int"]);
    expect(first?.schema).toBe(schema);
    expect(first?.rootValue).toBe(rootValue);
    expect(first?.operation.name?.value).toBe("Q");
    expect(first?.fragments.F?.kind).toBe("FragmentDefinition");
    expect({ ...first?.variableValues.coerced }).toEqual({ v: 2 });
    expect(first?.getAbortSignal()).toBeInstanceOf(AbortSignal);
    expect(Object.keys(first?.getAsyncHelpers() ?? {}).sort()).toEqual(["promiseAll", "track"]);
  });

  test("a value may be a promise, or anything with a `then`", async () => {
    // biome-ignore lint/suspicious/noThenProperty: what is tested is that a promise need not be a Promise
    const thenable = { then: (resolve: (value: number) => void) => resolve(4) };
    expect(await ask(sdl, "{ a { n } n }", { a: Promise.resolve({ n: thenable }), n: async () => 5 })).toEqual({
      data: { a: { n: 4 }, n: 5 },
    });
  });

  test("an answer for which nothing had to be waited is there at once, any other is a promise", () => {
    expect(run(schemaOf(sdl), "{ n }", { rootValue: { n: 1 } })).not.toBeInstanceOf(Promise);
    expect(run(schemaOf(sdl), "{ n a { n } }", { rootValue: { n: 1, a: Promise.resolve({}) } })).toBeInstanceOf(
      Promise,
    );
    expect(
      run(schemaOf(sdl), "{ items { n } }", { rootValue: { items: [{ n: 1 }, { n: Promise.resolve(2) }] } }),
    ).toBeInstanceOf(Promise);
  });
});
