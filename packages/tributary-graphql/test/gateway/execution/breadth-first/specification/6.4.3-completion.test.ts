import { GraphQLEnumType, GraphQLObjectType, GraphQLScalarType, GraphQLSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { answerOf, ask, type Resolvers, run, schemaOf } from "../support/ask.ts";

const located = (message: string, path: readonly (string | number)[], column = 3) => ({
  message,
  path,
  locations: [{ line: 1, column }],
});

describe("6.4.3 CompleteValue: Non-Null", () => {
  test("a value is completed as that of the type within", async () => {
    expect(await ask("type Query { a: Int! }", "{ a }", { a: "5" })).toEqual({ data: { a: 5 } });
  });

  test.each([null, undefined])("%s is an execution error, which names the field", async (a) => {
    expect(await ask("type Query { a: Int! }", "{ a }", { a })).toEqual({
      data: null,
      errors: [located("Cannot return null for non-nullable field Query.a.", ["a"])],
    });
  });
});

describe("6.4.3 CompleteValue: null", () => {
  test.each([null, undefined, Promise.resolve(null), Promise.resolve()])(
    "%s is null for every kind of type",
    async (value) => {
      const sdl = "type Query { a: Int b: [Int] c: Query d: Node e: Kind } interface Node { a: Int } enum Kind { A }";
      const rootValue = { a: value, b: value, c: value, d: value, e: value };
      expect(await ask(sdl, "{ a b c { a } d { a } e }", rootValue)).toEqual({
        data: { a: null, b: null, c: null, d: null, e: null },
      });
    },
  );
});

describe("6.4.3 CompleteValue: List", () => {
  const sdl =
    "type Query { a: [Int] s: [Int!] t: [Int!]! ll: [[Int]] items: [Item] } type Item { n: Int items: [Item] }";
  function* generate() {
    yield 1;
    yield 2;
  }
  async function* generateLater() {
    yield 1;
    yield await Promise.resolve(2);
  }

  test.each([
    ["an array", () => [1, 2]],
    ["a Set", () => new Set([1, 2])],
    ["a generator", generate],
    ["an asynchronous generator", generateLater],
    ["a promise of an array", () => Promise.resolve([1, 2])],
    ["an array of promises", () => [Promise.resolve(1), 2]],
    ["a promise of an array of promises", async () => [1, Promise.resolve(2)]],
    ["a typed array", () => new Uint8Array([1, 2])],
    ["what is iterated by a method", () => ({ [Symbol.iterator]: generate })],
    ["what is iterated asynchronously by a method", () => ({ [Symbol.asyncIterator]: generateLater })],
  ])("%s is a list", async (_name, a) => {
    expect(await ask(sdl, "{ a }", { a })).toEqual({ data: { a: [1, 2] } });
  });

  test("an empty list is an empty list, holes are null", async () => {
    expect(await ask(sdl, "{ a ll }", { a: [], ll: [[], [undefined], new Array(2)] })).toEqual({
      data: { a: [], ll: [[], [null], [null, null]] },
    });
  });

  test.each([1, "12", true, {}, Symbol("s"), () => 5])("%s is not a list: an execution error", async (value) => {
    const schema = schemaOf(sdl, { Query: { fields: { a: () => value } } });
    expect(await answerOf(run(schema, "{ a }"))).toEqual({
      data: { a: null },
      errors: [located('Expected Iterable, but did not find one for field "Query.a".', ["a"])],
    });
  });

  test("each item is completed at its index, those of lists within lists too", async () => {
    expect(await ask(sdl, "{ ll }", { ll: [[1, "x"], null, [Promise.reject(new Error("no"))], 3] })).toEqual({
      data: { ll: [[1, null], null, [null], null] },
      errors: expect.arrayContaining([
        located('Int cannot represent non-integer value: "x"', ["ll", 0, 1]),
        located("no", ["ll", 2, 0]),
        located('Expected Iterable, but did not find one for field "Query.ll".', ["ll", 3]),
      ]),
    });
  });

  test("objects in lists of lists have their selections, in order", async () => {
    const deep = "type Query { grid: [[Item]] } type Item { n: Int }";
    const grid = [[{ n: 1 }, Promise.resolve({ n: 2 })], [], null, new Set([{ n: 3 }])];
    expect(await ask(deep, "{ grid { n } }", { grid })).toEqual({
      data: { grid: [[{ n: 1 }, { n: 2 }], [], null, [{ n: 3 }]] },
    });
  });

  test("an iteration that fails is an error of the list, whatever came before", async () => {
    function* failing() {
      yield 1;
      throw new Error("cut off");
    }
    async function* failingLater() {
      yield 1;
      throw new Error("cut off later");
    }
    expect(await ask(sdl, "{ a }", { a: failing })).toEqual({ data: { a: null }, errors: [located("cut off", ["a"])] });
    expect(await ask(sdl, "{ a }", { a: failingLater })).toEqual({
      data: { a: null },
      errors: [located("cut off later", ["a"])],
    });
  });

  test("an asynchronous iteration whose item fails the list is ended by its `return`, once", async () => {
    let returned = 0;
    let next = 0;
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: next++ === 0 ? 1 : null }),
        return: async () => {
          returned++;
          return { done: true, value: undefined };
        },
      }),
    };
    expect(await ask(sdl, "{ s }", { s: items })).toEqual({
      data: { s: null },
      errors: [located("Cannot return null for non-nullable field Query.s.", ["s", 1])],
    });
    expect(returned).toBe(1);
  });

  test("an iteration that comes to its end is not told to end", async () => {
    let returned = 0;
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: true, value: undefined }),
        return: async () => {
          returned++;
          return { done: true, value: undefined };
        },
      }),
    };
    expect(await ask(sdl, "{ a }", { a: items })).toEqual({ data: { a: [] } });
    expect(returned).toBe(0);
  });

  test("a list of 100,000 items is a list like any other", async () => {
    const items = Array.from({ length: 100_000 }, (_, n) => ({ n }));
    const { data } = await run(schemaOf(sdl), "{ items { n } }", { rootValue: { items } });
    const answered = data?.items as { n: number }[];
    expect(answered.length).toBe(100_000);
    expect(answered.at(-1)).toEqual({ n: 99_999 });
  });
});

describe("6.4.3 CoerceResult", () => {
  test.each([
    ["Int", "7", 7],
    ["Int", true, 1],
    ["Int", 5n, 5],
    ["Float", "2.5", 2.5],
    ["String", 3, "3"],
    ["String", true, "true"],
    ["Boolean", 0, false],
    ["ID", 4, "4"],
    ["Int", { valueOf: () => 9 }, 9],
    ["String", { toJSON: () => "json" }, "json"],
  ])("%s: %s is %s", async (type, value, expected) => {
    expect(await ask(`type Query { a: ${type} }`, "{ a }", { a: value })).toEqual({ data: { a: expected } });
  });

  test.each([
    ["Int", Number.NaN, "Int cannot represent non-integer value: NaN"],
    ["Int", 2 ** 31, "Int cannot represent non 32-bit signed integer value: 2147483648"],
    ["Int", "", 'Int cannot represent non-integer value: ""'],
    ["Float", Number.POSITIVE_INFINITY, "Float cannot represent non numeric value: Infinity"],
    ["String", {}, "String cannot represent value: {}"],
    ["Boolean", "true", 'Boolean cannot represent a non boolean value: "true"'],
    ["ID", 1.5, "ID cannot represent value: 1.5"],
    ["Kind", "B", 'Enum "Kind" cannot represent value: "B"'],
  ])("%s cannot be %s: an execution error", async (type, value, message) => {
    expect(await ask(`type Query { a: ${type} } enum Kind { A }`, "{ a }", { a: value })).toEqual({
      data: { a: null },
      errors: [located(message, ["a"])],
    });
  });

  test.each([undefined, null])("a scalar whose coercion gives %s is an execution error", async (nothing) => {
    const type = new GraphQLScalarType({ name: "Odd", coerceOutputValue: () => nothing });
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: "Query", fields: { a: { type } } }) });
    expect(await answerOf(run(schema, "{ a }", { rootValue: { a: 1 } }))).toEqual({
      data: { a: null },
      errors: [
        located(`Expected \`Odd.coerceOutputValue(1)\` to return non-nullable value, returned: ${nothing}`, ["a"]),
      ],
    });
  });

  test("a scalar that throws is an execution error with what it threw as the original", async () => {
    const thrown = Object.assign(new RangeError("too odd"), { extensions: { code: "ODD" } });
    const type = new GraphQLScalarType({
      name: "Odd",
      coerceOutputValue: () => {
        throw thrown;
      },
    });
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: "Query", fields: { a: { type } } }) });
    const { errors } = await run(schema, "{ a }", { rootValue: { a: 1 } });
    expect(errors?.[0]?.originalError).toBe(thrown);
    expect(errors?.[0]?.extensions).toBe(thrown.extensions);
  });

  test("an enumeration answers the name of a value, whatever the value is inside", async () => {
    const red = { red: true };
    const type = new GraphQLEnumType({ name: "Color", values: { RED: { value: red }, BLUE: { value: 2 }, NONE: {} } });
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({ name: "Query", fields: { a: { type }, b: { type }, c: { type } } }),
    });
    expect(await answerOf(run(schema, "{ a b c }", { rootValue: { a: red, b: 2, c: "NONE" } }))).toEqual({
      data: { a: "RED", b: "BLUE", c: "NONE" },
    });
  });
});

describe("6.4.3 ResolveAbstractType", () => {
  const sdl = `
    type Query { node: Node pet: Pet pets: [Pet] }
    interface Node { id: ID }
    type Dog implements Node { id: ID barks: Boolean }
    type Cat implements Node { id: ID }
    type Rock { weight: Int }
    union Pet = Dog | Cat`;
  const query = "{ node { __typename id ... on Dog { barks } } }";
  const dog = { id: 1, barks: true };
  const asked = (resolvers: Resolvers, node: unknown = dog, text = query) =>
    answerOf(run(schemaOf(sdl, resolvers), text, { rootValue: { node, pet: node } }));
  const answer = { data: { node: { __typename: "Dog", id: "1", barks: true } } };

  test("by `resolveType`, at once or later", async () => {
    expect(await asked({ Node: { resolveType: () => "Dog" } })).toEqual(answer);
    expect(await asked({ Node: { resolveType: async () => "Dog" } })).toEqual(answer);
  });

  test("by `__typename` of the value", async () => {
    expect(await asked({}, { ...dog, __typename: "Dog" })).toEqual(answer);
  });

  test("by the first possible type whose `isTypeOf` says so, at once or later", async () => {
    const isDog = (value: unknown) => value === dog;
    expect(await asked({ Dog: { isTypeOf: isDog }, Cat: { isTypeOf: () => true } })).toEqual(answer);
    expect(
      await asked({ Cat: { isTypeOf: async () => false }, Dog: { isTypeOf: async (value) => isDog(value) } }),
    ).toEqual(answer);
  });

  test("by `typeResolver`, where the type has no `resolveType`", async () => {
    const asked = run(schemaOf(sdl), query, { rootValue: { node: dog }, typeResolver: () => "Dog" });
    expect(await answerOf(asked)).toEqual(answer);
  });

  test("each item of a list by itself", async () => {
    const pets = [{ __typename: "Cat" }, { __typename: "Dog" }, null, { __typename: "Cat" }];
    expect(await ask(sdl, "{ pets { __typename } }", { pets })).toEqual({
      data: { pets: [{ __typename: "Cat" }, { __typename: "Dog" }, null, { __typename: "Cat" }] },
    });
  });

  test.each([
    [
      undefined,
      'Abstract type "Node" must resolve to an Object type at runtime for field "Query.node". Either the "Node" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.',
    ],
    [
      7,
      'Abstract type "Node" must resolve to an Object type at runtime for field "Query.node" with value { id: 1, barks: true }, received "7", which is not a valid Object type name.',
    ],
    ["Nowhere", 'Abstract type "Node" was resolved to a type "Nowhere" that does not exist inside the schema.'],
    ["Pet", 'Abstract type "Node" was resolved to a non-object type "Pet".'],
    ["Rock", 'Runtime Object type "Rock" is not a possible type for "Node".'],
  ])("%s is no possible type: an execution error", async (name, message) => {
    const resolveType = () => name as string;
    expect(await asked({ Node: { resolveType } })).toEqual({
      data: { node: null },
      errors: [located(message, ["node"])],
    });
  });

  test("a resolver of types that fails is an execution error", async () => {
    const fail = () => {
      throw new Error("no type");
    };
    const failed = { data: { node: null }, errors: [located("no type", ["node"])] };
    expect(await asked({ Node: { resolveType: fail } })).toEqual(failed);
    expect(await asked({ Node: { resolveType: async () => fail() } })).toEqual(failed);
    expect(await asked({ Dog: { isTypeOf: async () => fail() } })).toEqual(failed);
  });

  test("an object of which its type says that it is none is an execution error", async () => {
    const failed = {
      data: { node: null },
      errors: [located('Expected value of type "Dog" but got: { id: 1, barks: true }.', ["node"])],
    };
    expect(await asked({ Node: { resolveType: () => "Dog" }, Dog: { isTypeOf: () => false } })).toEqual(failed);
    expect(await asked({ Node: { resolveType: () => "Dog" }, Dog: { isTypeOf: async () => false } })).toEqual(failed);
  });

  test.each([() => false, async () => false])(
    "an object that cannot even be shown is an execution error too",
    async (isTypeOf) => {
      const node = {
        get shown(): never {
          throw new Error("not to be seen");
        },
      };
      expect(await asked({ Node: { resolveType: () => "Dog" }, Dog: { isTypeOf } }, node)).toEqual({
        data: { node: null },
        errors: [located("not to be seen", ["node"])],
      });
    },
  );
});

describe("6.4.3 introspection", () => {
  test("`__typename`, `__schema` and `__type` are fields like any other, under aliases too", async () => {
    const text = '{ t: __typename __type(name: "Query") { name fields { name } } s: __schema { queryType { name } } }';
    expect(await ask("type Query { a: Int }", text)).toEqual({
      data: {
        t: "Query",
        __type: { name: "Query", fields: [{ name: "a" }] },
        s: { queryType: { name: "Query" } },
      },
    });
  });
});
