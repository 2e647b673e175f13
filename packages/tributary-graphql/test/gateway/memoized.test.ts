import { expect, test } from "vitest";
import { memoized } from "../../src/gateway/http/memoized.ts";

/** Returns the length of a text, and records each text. */
function counted(maxEntries?: number) {
  const made: unknown[] = [];
  const lengthOf = (text: string | null | undefined): number | undefined => {
    made.push(text);
    return text?.length;
  };
  return { made, lengthOf: memoized(lengthOf, maxEntries) };
}

test("each value is made once, also for no text, and also when it is undefined", () => {
  const { made, lengthOf } = counted();
  for (const text of ["a", undefined, null, "bb", "a", undefined, "bb"]) expect(lengthOf(text)).toBe(text?.length);
  expect(made).toEqual([undefined, "a", "bb"]);
});

test("the least recently used value is dropped when there are too many, whatever clients send", () => {
  const { made, lengthOf } = counted(2);
  for (const text of ["a", "b", "a", "c", "a", "b"]) lengthOf(text);
  expect(made).toEqual([undefined, "a", "b", "c", "b"]);
});

test("a long text is not cached", () => {
  const { made, lengthOf } = counted();
  const long = "x".repeat(501);
  expect([lengthOf(long), lengthOf(long)]).toEqual([501, 501]);
  expect(made).toEqual([undefined, long, long]);
});
