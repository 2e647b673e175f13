import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../src/relay/cursor.ts";

const list = {
  madeFor: "cities of DE by name",
  orderBy: [
    { column: "name", direction: "asc", type: "text" },
    { column: "id", direction: "asc", type: "integer" },
  ],
} as const;
const texts = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed() && !text.includes("\0"));
const values = fc.tuple(
  texts,
  fc.oneof(fc.maxSafeInteger(), fc.constantFrom("9223372036854775807", "-9007199254740993")),
);
const badInput = expect.objectContaining({ code: "BAD_USER_INPUT" });

describe("cursors", () => {
  test("a cursor is decoded to its original values, for any text and number", () => {
    fc.assert(
      fc.property(fc.string(), values, (madeFor, original) => {
        expect(decodeCursor({ ...list, madeFor }, "after", encodeCursor(madeFor, original))).toEqual(original);
      }),
    );
  });

  test("a cursor of another list, filter or order is rejected", () => {
    const cursor = encodeCursor(list.madeFor, ["berlin", 7]);
    expect(() => decodeCursor({ ...list, madeFor: "cities of FR by name" }, "after", cursor)).toThrow(
      expect.objectContaining({
        code: "BAD_USER_INPUT",
        message: expect.stringMatching(/^after: expected a cursor of this list/),
      }),
    );
  });

  test("a cursor with a changed character is rejected, at any position", () => {
    const cursor = encodeCursor(list.madeFor, ["berlin", 2950159]);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom(..."abcXYZ019-_"), (index, character) => {
        const tampered = cursor.slice(0, index) + character + cursor.slice(index + 1);
        fc.pre(tampered !== cursor);
        expect(() => decodeCursor(list, "before", tampered)).toThrow(badInput);
      }),
    );
  });

  test.each(["", "abc", "%%%", "ééé"])("the text %j is rejected", (text) => {
    expect(() => decodeCursor(list, "after", text)).toThrow(badInput);
  });

  test.each([
    ["too few values", ["berlin"]],
    ["too many values", ["berlin", 1, 2]],
    ["values of other types", [1, "berlin"]],
    ["a number that no column holds", ["berlin", 1e300]],
    ["a fraction", ["berlin", 0.5]],
    ["a null where none can be", [null, 1]],
    ["half of a surrogate pair", ["\ud800", 1]],
    ["a NUL", ["a\0", 1]],
  ])("a forged cursor with %s is rejected", (_name, sealed) => {
    expect(() => decodeCursor(list, "after", encodeCursor(list.madeFor, sealed))).toThrow(badInput);
  });
});
