import { expect, test } from "vitest";
import { differenceBetween } from "../differences.ts";

test("differenceBetween ignores the order of keys", () => {
  expect(differenceBetween({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBeUndefined();
});

test.each([
  ["another value", { a: { b: 1 } }, { a: { b: 2 } }, "data.a.b: expected 1, got 2"],
  ["another order of a list", { a: [1, 2] }, { a: [2, 1] }, "data.a.0: expected 1, got 2"],
  ["a shorter list", { a: [1, 2] }, { a: [1] }, "data.a.1: expected 2, got nothing"],
  ["an additional key", { a: 1 }, { a: 1, b: 2 }, "data.b: expected nothing, got 2"],
  ["null instead of an object", { a: {} }, { a: null }, "data.a: expected {}, got null"],
  ["an object instead of a list", { a: [] }, { a: {} }, "data.a: expected [], got {}"],
  ["a string instead of a number", { a: 1 }, { a: "1" }, 'data.a: expected 1, got "1"'],
])("differenceBetween returns the path and both values for %s", (_title, expected, actual, difference) => {
  expect(differenceBetween(expected, actual)).toBe(difference);
});
