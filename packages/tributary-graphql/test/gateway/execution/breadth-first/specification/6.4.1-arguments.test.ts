import { describe, expect, test } from "vitest";
import { ask } from "../support/ask.ts";
import { isBare } from "../support/bare.ts";

const sdl = `
  enum Color { RED GREEN }
  input Point { x: Int! y: Int = 7 inner: Point colors: [Color!] }
  input Either @oneOf { a: Int b: String }
  type Query {
    int(v: Int): String
    strict(v: Int!): String
    strictDefault(v: Int! = 3): String
    withDefault(v: Int = 4): String
    nullDefault(v: Int = null): String
    list(v: [Int]): String
    lists(v: [[Int!]!]): String
    point(v: Point): String
    either(v: Either): String
    several(a: Int, b: Int = 2, c: Int): String
    none: String
  }`;

const root = new Proxy(
  {},
  { get: (_target, name) => (name === "then" ? undefined : (args: object) => JSON.stringify({ ...args })) },
);

async function given(field: string, declaration = "", variableValues?: Record<string, unknown>): Promise<unknown> {
  const { data, errors } = await ask(sdl, `query ${declaration} { r: ${field} }`, root, { variableValues });
  const { r } = data as { r: string | null };
  return errors ? errors.map(({ message }) => message) : JSON.parse(String(r));
}

describe("6.4.1 CoerceArgumentValues", () => {
  test("a literal is coerced by the rules of its type", async () => {
    expect(await given("int(v: 1)")).toEqual({ v: 1 });
    expect(await given("int(v: null)")).toEqual({ v: null });
    expect(await given("list(v: 1)")).toEqual({ v: [1] });
    expect(await given("list(v: [1, null])")).toEqual({ v: [1, null] });
    expect(await given("lists(v: [1, 2])")).toEqual({ v: [[1], [2]] });
    expect(await given("point(v: { x: 1, colors: RED })")).toEqual({ v: { x: 1, y: 7, colors: ["RED"] } });
    expect(await given('either(v: { b: "t" })')).toEqual({ v: { b: "t" } });
  });

  test("an argument that is not given takes its default, even if it is null, or is absent", async () => {
    expect(await given("int")).toEqual({});
    expect(await given("withDefault")).toEqual({ v: 4 });
    expect(await given("nullDefault")).toEqual({ v: null });
    expect(await given("strictDefault")).toEqual({ v: 3 });
    expect(await given("withDefault(v: null)")).toEqual({ v: null });
    expect(await given("none")).toEqual({});
  });

  test("a variable hands on its value, as it was coerced", async () => {
    expect(await given("int(v: $v)", "($v: Int)", { v: 1 })).toEqual({ v: 1 });
    expect(await given("int(v: $v)", "($v: Int)", { v: null })).toEqual({ v: null });
    expect(await given("point(v: $v)", "($v: Point)", { v: { x: 1 } })).toEqual({ v: { x: 1, y: 7 } });
  });

  test("a variable without a value is as if the argument were not given", async () => {
    expect(await given("int(v: $v)", "($v: Int)")).toEqual({});
    expect(await given("withDefault(v: $v)", "($v: Int)")).toEqual({ v: 4 });
    expect(await given("withDefault(v: $v)", "($v: Int)", { v: null })).toEqual({ v: null });
    expect(await given("strictDefault(v: $v)", "($v: Int)")).toEqual({ v: 3 });
  });

  test("within lists a variable without a value is null, within input objects it is absent", async () => {
    expect(await given("list(v: [1, $v])", "($v: Int)")).toEqual({ v: [1, null] });
    expect(await given("point(v: { x: 1, y: $v })", "($v: Int)")).toEqual({ v: { x: 1, y: 7 } });
    expect(await given("point(v: { x: 1, y: $v })", "($v: Int)", { v: null })).toEqual({ v: { x: 1, y: null } });
  });

  test("arguments are in the order of the schema, and have no names but those", async () => {
    const bare: boolean[] = [];
    const keys: string[] = [];
    const several = (args: object) => {
      bare.push(isBare(args));
      keys.push(...Object.keys(args));
    };
    await ask(sdl, "{ several(c: 3, a: 1) }", { several });
    expect(bare).toEqual([true]);
    expect(keys).toEqual(["a", "b", "c"]);
  });

  test.each([
    ["strict", "", {}, 'Argument "Query.strict(v:)" of required type "Int!" was not provided.'],
    [
      "strict(v: null)",
      "",
      {},
      'Argument "Query.strict(v:)" has invalid value: Expected value of non-null type "Int!" not to be null.',
    ],
    [
      "strict(v: $v)",
      "($v: Int)",
      {},
      'Argument "Query.strict(v:)" has invalid value: Expected variable "$v" provided to type "Int!" to provide a runtime value.',
    ],
    [
      "strictDefault(v: $v)",
      "($v: Int)",
      { v: null },
      'Argument "Query.strictDefault(v:)" has invalid value: Expected variable "$v" provided to non-null type "Int!" not to be null.',
    ],
    ['int(v: "t")', "", {}, 'Argument "Query.int(v:)" has invalid value: Int cannot represent non-integer value: "t"'],
    [
      "point(v: { x: RED })",
      "",
      {},
      'Argument "Query.point(v:)" has invalid value at .x: Int cannot represent non-integer value: RED',
    ],
  ])(
    "%s %s is an execution error of its field, whose resolver is not called",
    async (field, declaration, variables, message) => {
      expect(await given(field, declaration, variables)).toEqual([message]);
    },
  );

  test("an argument that is wrong leaves the fields beside it alone", async () => {
    expect(await ask(sdl, '{ int(v: "t") none }', root)).toEqual({
      data: { int: null, none: "{}" },
      errors: [
        {
          message: 'Argument "Query.int(v:)" has invalid value: Int cannot represent non-integer value: "t"',
          path: ["int"],
          locations: [{ line: 1, column: 10 }],
        },
      ],
    });
  });

  test("a resolver that changes its arguments affects no other call", async () => {
    const seen: string[] = [];
    const int = (args: Record<string, unknown>) => {
      seen.push(JSON.stringify(args));
      args.v = "spoiled";
      args.more = true;
    };
    const text = "type Query { items: [Item] } type Item { int(v: Int = 1): Int }";
    await ask(text, "{ items { int } }", { items: [{ int }, { int }] });
    await ask(text, "{ items { int } }", { items: [{ int }] });
    expect(seen).toEqual(['{"v":1}', '{"v":1}', '{"v":1}']);
  });
});
