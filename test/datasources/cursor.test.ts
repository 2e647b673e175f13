import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../datasources/cursor.ts";

const list = { madeFor: "cities of DE by name", orderTypes: ["string", "number"] } as const;
const values = fc.tuple(fc.string({ unit: "binary" }), fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }));
const badInput = expect.objectContaining({ code: "BAD_USER_INPUT" });

describe("cursors", () => {
  test("a cursor gives back the values that it was made of, whatever text and number they are", () => {
    fc.assert(
      fc.property(fc.string(), values, (madeFor, original) => {
        expect(decodeCursor({ ...list, madeFor }, "after", encodeCursor(madeFor, original))).toEqual(original);
      }),
    );
  });

  test("a cursor of another list, filter or order is refused", () => {
    const cursor = encodeCursor(list.madeFor, ["berlin", 7]);
    expect(() => decodeCursor({ ...list, madeFor: "cities of FR by name" }, "after", cursor)).toThrow(
      expect.objectContaining({
        code: "BAD_USER_INPUT",
        message: expect.stringMatching(/^after: expected a cursor of this list/),
      }),
    );
  });

  test("a cursor with a changed character is refused, wherever the change is", () => {
    const cursor = encodeCursor(list.madeFor, ["berlin", 2950159]);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom(..."abcXYZ019-_"), (index, character) => {
        const tampered = cursor.slice(0, index) + character + cursor.slice(index + 1);
        fc.pre(Buffer.from(tampered, "base64url").compare(Buffer.from(cursor, "base64url")) !== 0);
        expect(() => decodeCursor(list, "before", tampered)).toThrow(badInput);
      }),
    );
  });

  test.each(["", "abc", "%%%", "ééé"])("the text %j is refused", (text) => {
    expect(() => decodeCursor(list, "after", text)).toThrow(badInput);
  });

  test.each([
    ["too few values", ["berlin"]],
    ["too many values", ["berlin", 1, 2]],
    ["values of other types", [1, "berlin"]],
    ["a number that no column holds", ["berlin", 1e300]],
    ["a fraction", ["berlin", 0.5]],
  ])("a cursor that somebody sealed with %s is refused all the same", (_name, sealed) => {
    expect(() => decodeCursor(list, "after", encodeCursor(list.madeFor, sealed))).toThrow(badInput);
  });
});
