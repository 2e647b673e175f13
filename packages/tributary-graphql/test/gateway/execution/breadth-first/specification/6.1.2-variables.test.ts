import { parse } from "graphql";
import { describe, expect, test } from "vitest";
import { ask, schemaOf } from "../support/ask.ts";
import { execute } from "../under-test.ts";

const sdl = `
  enum Color { RED GREEN }
  input Point { x: Int! y: Int = 7 inner: Point }
  input Either @oneOf { a: Int b: String }
  type Query {
    int(v: Int): String  strict(v: Int!): String  list(v: [Int!]): String  color(v: Color): String
    point(v: Point): String  either(v: Either): String  float(v: Float): String  id(v: ID): String
    withDefault(v: Int = 4): String
  }`;

/** Every field returns its arguments. */
const root = new Proxy(
  {},
  { get: (_target, name) => (name === "then" ? undefined : (args: object) => JSON.stringify({ ...args })) },
);

const given = (declaration: string, field: string, variableValues?: Record<string, unknown>) =>
  ask(sdl, `query (${declaration}) { ${field}(v: $v) }`, root, { variableValues });

describe("6.1.2 CoerceVariableValues", () => {
  test("a value is coerced by the rules of its type", async () => {
    expect(await given("$v: Int", "int", { v: 1 })).toEqual({ data: { int: '{"v":1}' } });
    expect(await given("$v: Float", "float", { v: 1 })).toEqual({ data: { float: '{"v":1}' } });
    expect(await given("$v: ID", "id", { v: 1 })).toEqual({ data: { id: '{"v":"1"}' } });
    expect(await given("$v: Color", "color", { v: "RED" })).toEqual({ data: { color: '{"v":"RED"}' } });
    expect(await given("$v: [Int!]", "list", { v: 3 })).toEqual({ data: { list: '{"v":[3]}' } });
    expect(await given("$v: Point", "point", { v: { x: 1 } })).toEqual({ data: { point: '{"v":{"x":1,"y":7}}' } });
    expect(await given("$v: Either", "either", { v: { b: "t" } })).toEqual({ data: { either: '{"v":{"b":"t"}}' } });
  });

  test("without a value the default is taken, even if it is null; a null that is given is kept", async () => {
    expect(await given("$v: Int = 5", "int")).toEqual({ data: { int: '{"v":5}' } });
    expect(await given("$v: Int = null", "int")).toEqual({ data: { int: '{"v":null}' } });
    expect(await given("$v: Int = 5", "int", { v: null })).toEqual({ data: { int: '{"v":null}' } });
    expect(await given("$v: Int = 5", "int", { v: undefined })).toEqual({ data: { int: '{"v":5}' } });
  });

  test("without a value and a default a nullable variable is absent", async () => {
    expect(await given("$v: Int", "int", {})).toEqual({ data: { int: "{}" } });
    expect(await given("$v: Int", "withDefault", {})).toEqual({ data: { withDefault: '{"v":4}' } });
  });

  test.each([undefined, null])("a non-null variable that is %s is a request error: nothing is executed", async (v) => {
    const { data, errors } = await given("$v: Int!", "strict", { v });
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      {
        message: `Variable "$v" has invalid value: Expected ${v === null ? 'value of non-null type "Int!" not to be null' : 'a value of non-null type "Int!" to be provided'}.`,
        locations: [{ line: 1, column: 8 }],
      },
    ]);
  });

  test.each([
    ["Int", "int", "text", 'Variable "$v" has invalid value: Int cannot represent non-integer value: "text"'],
    [
      "Int",
      "int",
      2 ** 31,
      'Variable "$v" has invalid value: Int cannot represent non 32-bit signed integer value: 2147483648',
    ],
    [
      "Color",
      "color",
      "REDD",
      'Variable "$v" has invalid value: Value "REDD" does not exist in "Color" enum. Did you mean the enum value "RED"?',
    ],
    [
      "Point",
      "point",
      {},
      'Variable "$v" has invalid value: Expected value of type "Point" to include required field "x", found: {}.',
    ],
    [
      "Point",
      "point",
      { x: 1, inner: { x: "t" } },
      'Variable "$v" has invalid value at .inner.x: Int cannot represent non-integer value: "t"',
    ],
    [
      "[Int!]",
      "list",
      [1, null],
      'Variable "$v" has invalid value at [1]: Expected value of non-null type "Int!" not to be null.',
    ],
  ])("a value that %s cannot take is a request error that says where: %s %j", async (type, field, v, message) => {
    expect(await given(`$v: ${type}`, field, { v })).toEqual({
      errors: [{ message, locations: [{ line: 1, column: 8 }] }],
    });
  });

  test("every variable that is wrong is reported, in the order of their definitions, up to fifty", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `v${index}`);
    const text = `query (${names.map((name) => `$${name}: Int!`).join(" ")}) { int(v: $v0) }`;
    const { data, errors = [] } = await ask(sdl, text, root);
    expect(data).toBeUndefined();
    expect(errors.length).toBe(51);
    expect(errors.slice(0, 2).map(({ message }) => message.slice(0, 14))).toEqual(['Variable "$v0"', 'Variable "$v1"']);
    expect(errors.at(-1)?.message).toBe(
      "Too many errors processing variables, error limit reached. Execution aborted.",
    );
  });

  test("suggestions are hidden when they are to be", async () => {
    const { errors } = await ask(sdl, "query ($v: Color) { color(v: $v) }", root, {
      variableValues: { v: "REDD" },
      hideSuggestions: true,
    });
    expect(errors?.map(({ message }) => message)).toEqual([
      'Variable "$v" has invalid value: Value "REDD" does not exist in "Color" enum.',
    ]);
  });

  test("a type that is none for variables is a request error", async () => {
    const { data, errors } = await given("$v: Query", "int", { v: 1 });
    expect(data).toBeUndefined();
    expect(errors?.map(({ message }) => message)).toEqual([
      'Variable "$v" expected value of type "Query" which cannot be used as an input type.',
    ]);
  });

  test("only own properties of the given variables are values", async () => {
    const variableValues: Record<string, unknown> = Object.create({ v: 3 });
    expect(await given("$v: Int", "int", variableValues)).toEqual({ data: { int: "{}" } });
  });

  test("variables named like members of every object are as any other", async () => {
    const text =
      "query ($toString: Int, $constructor: Int) { int(v: $toString) strict(v: 1) id: int(v: $constructor) }";
    expect(await ask(sdl, text, root, { variableValues: { constructor: 2 } })).toEqual({
      data: { int: "{}", strict: '{"v":1}', id: '{"v":2}' },
    });
  });
});

test("variables are coerced once, also where graphql-js executes the operation", async () => {
  let coerced = 0;
  const schema = schemaOf("scalar Counted type Query { n(v: Counted): Int }");
  const type = schema.getType("Counted");
  Object.assign(type ?? {}, { coerceInputValue: () => ++coerced });
  const document = parse("query ($v: Counted) { n(v: $v) }");
  const rootValue = { n: ({ v }: { v: number }) => v };
  const hooks = { asyncWorkFinished: () => undefined };
  expect(await execute({ schema, document, rootValue, variableValues: { v: 7 }, hooks })).toEqual({ data: { n: 1 } });
  expect(coerced).toBe(1);
});
