import { expect, test } from "vitest";
import { remembered } from "../../src/gateway/http/remembered.ts";

/** Gives the length of a text, and notes of which ones it was asked. */
function counted(maxEntries?: number) {
  const made: unknown[] = [];
  const lengthOf = (text: string | null | undefined): number | undefined => {
    made.push(text);
    return text?.length;
  };
  return { made, lengthOf: remembered(lengthOf, maxEntries) };
}

test("each value is made once, also of nothing, and also when it is nothing", () => {
  const { made, lengthOf } = counted();
  for (const text of ["a", undefined, "bb", "a", undefined, "bb"]) expect(lengthOf(text)).toBe(text?.length);
  expect(made).toEqual(["a", undefined, "bb"]);
});

test("no more values are held than was said, whatever clients send", () => {
  const { made, lengthOf } = counted(2);
  for (const text of ["a", "b", "a", "c", "a"]) lengthOf(text);
  expect(made).toEqual(["a", "b", "c", "a"]);
});

test("a long text is not held", () => {
  const { made, lengthOf } = counted();
  const long = "x".repeat(501);
  expect([lengthOf(long), lengthOf(long)]).toEqual([501, 501]);
  expect(made).toHaveLength(2);
});
