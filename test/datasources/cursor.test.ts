import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../datasources/cursor.ts";

const values = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.integer()), { minLength: 1, maxLength: 4 });

describe("cursors", () => {
  test("a cursor gives back the values that it was made of, whatever text and numbers they are", () => {
    fc.assert(
      fc.property(fc.string(), values, (madeFor, original) => {
        expect(decodeCursor(madeFor, "after", encodeCursor(madeFor, original))).toEqual(original);
      }),
    );
  });

  test("a cursor of another list, filter or order is refused", () => {
    const cursor = encodeCursor("cities of DE", [1000, 7]);
    expect(() => decodeCursor("cities of FR", "after", cursor)).toThrow(
      expect.objectContaining({
        code: "BAD_USER_INPUT",
        message: expect.stringMatching(/^after: expected a cursor of this list/),
      }),
    );
  });

  test("a cursor with a changed character is refused, wherever the change is", () => {
    const cursor = encodeCursor("cities", ["berlin", 2950159]);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom(..."abcXYZ019-_"), (index, character) => {
        const tampered = cursor.slice(0, index) + character + cursor.slice(index + 1);
        fc.pre(Buffer.from(tampered, "base64url").compare(Buffer.from(cursor, "base64url")) !== 0);
        expect(() => decodeCursor("cities", "before", tampered)).toThrow(
          expect.objectContaining({ code: "BAD_USER_INPUT" }),
        );
      }),
    );
  });

  test.each(["", "abc", "%%%", "ééé"])("the text %j is refused", (text) => {
    expect(() => decodeCursor("cities", "after", text)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  });
});
