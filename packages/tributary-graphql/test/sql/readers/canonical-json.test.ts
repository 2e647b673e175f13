import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, isDeepEqual } from "../../../src/sql/readers/canonical-json.ts";

describe("canonical JSON", () => {
  test.each([
    [
      { a: 1, b: [{ c: 2, d: 3 }] },
      { b: [{ d: 3, c: 2 }], a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
    [0, -0],
    [new Date(5), new Date(5)],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])("%j and %j are alike", (one, other) => {
    expect(canonicalJson(one)).toBe(canonicalJson(other));
  });

  test("different values have different texts", () => {
    const values: readonly unknown[] = [
      undefined,
      null,
      "null",
      "",
      0,
      "0",
      0n,
      false,
      [],
      {},
      [undefined],
      [null],
      [[]],
      ["a", "b"],
      ["a,b"],
      ['a","b'],
      { a: null },
      { a: "null" },
      { "a:1": 1 },
      new Date(0),
      "Date(0)",
      Number.NaN,
      Number.POSITIVE_INFINITY,
      ["b", "a"],
      { __proto__: null, constructor: 1 },
    ];
    expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
  });

  test.each([[() => 1], [new Map()], [new Set([1])], [Symbol("a")], [/a/]])("%s is refused", (value) => {
    expect(() => canonicalJson({ value })).toThrow(/^Expected arguments of plain values/);
  });
});

describe("the deep comparison", () => {
  test("is never true for values with different texts", () => {
    const values = fc.anything({
      withDate: true,
      withNullPrototype: true,
      maxKeys: 3,
      maxDepth: 3,
      key: fc.constantFrom("a", "b"),
    });
    const pairs = fc.oneof(
      fc.tuple(values, values),
      values.map((value) => [value, structuredClone(value)]),
    );
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        if (isDeepEqual(one, other)) expect(canonicalJson(one)).toBe(canonicalJson(other));
      }),
      { numRuns: 2000 },
    );
  });

  test("is true for the equal arguments of a list's items", () => {
    const asked = () => ({
      arguments: { filter: { min: 1, name: null }, order: "A" },
      window: { size: 5, after: ["a", 1] },
    });
    expect(isDeepEqual(asked(), asked())).toBe(true);
    expect(isDeepEqual(asked(), { ...asked(), window: { size: 6, after: ["a", 1] } })).toBe(false);
    expect(isDeepEqual({ at: new Date(5) }, { at: new Date(6) })).toBe(false);
    expect(isDeepEqual([], {})).toBe(false);
  });
});
