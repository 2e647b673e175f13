import { describe, expect, test } from "vitest";
import { ask, run, schemaOf, textOf } from "../support/ask.ts";
import { isBare } from "../support/bare.ts";

const sdl = `
  type Query { a: Box b: Box pet: Pet being: Being n: Int }
  type Box { x: Int y: Int z: Int box: Box }
  interface Being { name: String }
  interface Living implements Being { name: String legs: Int }
  type Dog implements Living & Being { name: String legs: Int barks: Boolean }
  type Rock implements Being { name: String weight: Int }
  type Fish { fins: Int }
  union Pet = Dog | Fish`;

const dog = { __typename: "Dog", name: "Rex", legs: 4, barks: true };
const box = { x: 1, y: 2, z: 3, box: { x: 4, y: 5, z: 6 } };
const root = { a: box, b: box, pet: dog, being: dog, n: 1 };

const text = (query: string, variableValues?: Record<string, unknown>) =>
  textOf(run(schemaOf(sdl), query, { rootValue: root, variableValues }));

describe("6.3.2 CollectFields", () => {
  test("fields are answered in the order of the operation, under their alias or name", async () => {
    expect(await text("{ n b { z alias: y x } a { x } }")).toBe(
      '{"data":{"n":1,"b":{"z":3,"alias":2,"x":1},"a":{"x":1}}}',
    );
  });

  test("a response name stands where it appears first, within fragments too", async () => {
    expect(await text("{ a { x } ... { b { y } n } ...F b { x } } fragment F on Query { a { z } n }")).toBe(
      '{"data":{"a":{"x":1,"z":3},"b":{"y":2,"x":1},"n":1}}',
    );
  });

  test("names of members of every object are names like any other", async () => {
    expect(await text("{ constructor: n toString: n hasOwnProperty: n __proto__: n }")).toBe(
      '{"data":{"constructor":1,"toString":1,"hasOwnProperty":1,"__proto__":1}}',
    );
  });

  test.each([
    ["@skip(if: true)", false],
    ["@skip(if: false)", true],
    ["@include(if: true)", true],
    ["@include(if: false)", false],
    ["@skip(if: false) @include(if: true)", true],
    ["@skip(if: true) @include(if: true)", false],
    ["@skip(if: false) @include(if: false)", false],
    ["@skip(if: true) @include(if: false)", false],
    ["@include(if: true) @skip(if: true)", false],
  ])("%s on a field, a fragment and a spread: selected %s", async (directives, isSelected) => {
    const expected = JSON.stringify({ data: isSelected ? { a: { x: 1 }, n: 1 } : { n: 1 } });
    expect(await text(`{ a ${directives} { x } n }`)).toBe(expected);
    expect(await text(`{ ... ${directives} { a { x } } n }`)).toBe(expected);
    expect(await text(`{ ...F ${directives} n } fragment F on Query { a { x } }`)).toBe(expected);
    expect(await text(`{ ... on Query ${directives} { a { x } } n }`)).toBe(expected);
  });

  test("variables decide anew in each execution of a document", async () => {
    const query =
      "query ($yes: Boolean! = true, $no: Boolean! = false) { a @include(if: $yes) { x y @skip(if: $no) } n }";
    expect(await text(query)).toBe('{"data":{"a":{"x":1,"y":2},"n":1}}');
    expect(await text(query, { no: true })).toBe('{"data":{"a":{"x":1},"n":1}}');
    expect(await text(query, { yes: false })).toBe('{"data":{"n":1}}');
  });

  test("a selection that is skipped once is included by another occurrence", async () => {
    expect(await text("{ a @skip(if: true) { x } n a { y } ... @include(if: false) { b { x } } }")).toBe(
      '{"data":{"n":1,"a":{"y":2}}}',
    );
  });

  test("where everything is left out, an object is empty", async () => {
    expect(await text("{ a { x @skip(if: true) } }")).toBe('{"data":{"a":{}}}');
    expect(await text("{ n @skip(if: true) }")).toBe('{"data":{}}');
  });

  test("a named fragment counts once in a selection set; one that is left out does not count", async () => {
    expect(await text("{ ...F @skip(if: true) n ...F ...F } fragment F on Query { a { x } }")).toBe(
      '{"data":{"n":1,"a":{"x":1}}}',
    );
  });

  test("a fragment may spread itself without end, and is executed once", async () => {
    expect(await text("{ ...F } fragment F on Query { n ...G } fragment G on Query { ...F a { x } }")).toBe(
      '{"data":{"n":1,"a":{"x":1}}}',
    );
  });

  test("a spread of a fragment that is not there is nothing", async () => {
    expect(await text("{ ...Nowhere n }")).toBe('{"data":{"n":1}}');
  });

  test.each([
    ["being", "Dog", true],
    ["being", "Rock", false],
    ["being", "Being", true],
    ["being", "Living", true],
    ["pet", "Dog", true],
    ["pet", "Fish", false],
    ["pet", "Pet", true],
    ["pet", "Being", true],
    ["being", "Nowhere", false],
  ])("DoesFragmentTypeApply: a dog, asked for as %s, is of the type %s: %s", async (field, type, applies) => {
    const expected = JSON.stringify({ data: { [field]: applies ? { __typename: "Dog" } : {} } });
    expect(await text(`{ ${field} { ... on ${type} { __typename } } }`)).toBe(expected);
    expect(await text(`{ ${field} { ...F } } fragment F on ${type} { __typename }`)).toBe(expected);
  });

  test("selections on types are in the order of the operation for each of the objects", async () => {
    const schema = schemaOf(
      "type Query { all: [Being] } interface Being { name: String } type Dog implements Being { name: String legs: Int } type Rock implements Being { name: String weight: Int }",
    );
    const rootValue = {
      all: [
        { __typename: "Rock", name: "R", weight: 9 },
        { __typename: "Dog", name: "D", legs: 4 },
      ],
    };
    expect(
      await textOf(
        run(schema, "{ all { ... on Dog { legs } name ... on Rock { weight } __typename } }", { rootValue }),
      ),
    ).toBe('{"data":{"all":[{"name":"R","weight":9,"__typename":"Rock"},{"legs":4,"name":"D","__typename":"Dog"}]}}');
  });
});

describe("6.3.2 Merging Selection Sets", () => {
  test("fields of one response name are resolved once, and their selections merged in order, at any depth", async () => {
    let calls = 0;
    const count = () => {
      calls++;
      return box;
    };
    const query = "{ a { box { x } } ... { a { y box { y } } } ...F } fragment F on Query { a { box { z x } } }";
    expect(await textOf(run(schemaOf(sdl), query, { rootValue: { a: count } }))).toBe(
      '{"data":{"a":{"box":{"x":4,"y":5,"z":6},"y":2}}}',
    );
    expect(calls).toBe(1);
  });

  test("a named fragment is collected again in each field's own selection set", async () => {
    expect(await text("{ a { ...F } b { ...F } a { box { ...F } } } fragment F on Box { x }")).toBe(
      '{"data":{"a":{"x":1,"box":{"x":4}},"b":{"x":1}}}',
    );
  });

  test("`info.fieldNodes` has every node that was merged, in order", async () => {
    const schema = schemaOf("type Query { a: Box } type Box { x: Int y: Int }");
    const starts: unknown[] = [];
    const a = (_args: unknown, _context: unknown, info: { fieldNodes: readonly { loc?: { start: number } }[] }) => {
      starts.push(...info.fieldNodes.map(({ loc }) => loc?.start));
      return {};
    };
    await run(schema, "{ a { x } ... { a { y } } ...F } fragment F on Query { a { x } }", { rootValue: { a } });
    expect(starts).toEqual([2, 16, 55]);
  });
});

describe("6.3.3 ExecuteCollectedFields", () => {
  test("a field that the type does not have is left out", async () => {
    expect(await text("{ nothing n a { nothing x } }")).toBe('{"data":{"n":1,"a":{"x":1}}}');
  });

  test("objects of the answer have no names but those of the operation", async () => {
    const { data } = await run(schemaOf(sdl), "{ a { box { x } } }", { rootValue: root });
    const a = data?.a as { box: object };
    for (const one of [data, a, a.box]) expect(one && isBare(one)).toBe(true);
    expect("toString" in a).toBe(false);
  });

  test("keys are in order, whichever value comes first", async () => {
    const late = (value: number, turns: number) => async () => {
      for (let turn = 0; turn < turns; turn++) await undefined;
      return value;
    };
    const rootValue = { a: { x: late(1, 9), y: 2, z: late(3, 1), box: { x: 4 } }, n: late(5, 3) };
    expect(await textOf(run(schemaOf(sdl), "{ n a { x box { x } y z } }", { rootValue }))).toBe(
      '{"data":{"n":5,"a":{"x":1,"box":{"x":4},"y":2,"z":3}}}',
    );
  });

  test("a sibling that is under way when an error propagates does not hold up the answer, nor end the process", async () => {
    const strict = "type Query { a: Box } type Box { x: Int! y: Int }";
    const never = new Promise(() => undefined);
    const x = () => Promise.reject(new Error("no"));
    expect(await ask(strict, "{ a { y x } }", { a: { x, y: never } })).toEqual({
      data: { a: null },
      errors: [{ message: "no", path: ["a", "x"], locations: [{ line: 1, column: 9 }] }],
    });
  });
});
