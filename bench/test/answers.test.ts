import { expect, test } from "vitest";
import { differenceBetween } from "../answers.ts";

test("answers are the same whatever the order of their keys", () => {
  expect(differenceBetween({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBeUndefined();
});

test.each([
  ["another value", { a: { b: 1 } }, { a: { b: 2 } }, "data.a.b: expected 1, got 2"],
  ["another order of a list", { a: [1, 2] }, { a: [2, 1] }, "data.a.0: expected 1, got 2"],
  ["a shorter list", { a: [1, 2] }, { a: [1] }, "data.a.1: expected 2, got nothing"],
  ["a key too many", { a: 1 }, { a: 1, b: 2 }, "data.b: expected nothing, got 2"],
  ["null for an object", { a: {} }, { a: null }, "data.a: expected {}, got null"],
  ["an object for a list", { a: [] }, { a: {} }, "data.a: expected [], got {}"],
  ["text for a number", { a: 1 }, { a: "1" }, 'data.a: expected 1, got "1"'],
])("%s is a difference, named with its path", (_what, expected, came, difference) => {
  expect(differenceBetween(expected, came)).toBe(difference);
});
