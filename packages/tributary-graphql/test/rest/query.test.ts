import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joined, queryOf, reserved, withParameter } from "../../src/rest/query.ts";

test.each([
  [{ page: 2, open: true, text: "a b&c" }, "page=2&open=true&text=a%20b%26c"],
  [{ status: ["open", "closed"], tags: [] }, "status=open&status=closed"],
  [{ absent: undefined, none: null, zero: 0, blank: "", no: false }, "zero=0&blank=&no=false"],
])("%j is the query %s", (values, query) => {
  expect(queryOf(values)).toBe(query);
});

describe("a list that is one parameter", () => {
  test("has its separators between the values, and encodes those within values", () => {
    expect(queryOf({ ids: joined([1, 2], ",") })).toBe("ids=1,2");
    expect(queryOf({ ids: joined(["a,b", "c d"], ",") })).toBe("ids=a%2Cb,c%20d");
    expect(queryOf({ ids: joined(["a", "b"], " ") })).toBe("ids=a%20b");
    expect(queryOf({ ids: joined(["a", "b"], "|") })).toBe("ids=a%7Cb");
  });

  test("is left out if it is undefined or empty", () => {
    expect(queryOf({ a: joined([], ","), b: joined(undefined, ","), c: joined(null, "|") })).toBe("");
  });

  test.each([" ", "|"] as const)(
    "refuses a value with the separator %j, which a server could not distinguish",
    (separator) => {
      expect(() => joined(["a", `b${separator}c`], separator)).toThrow(
        expect.objectContaining({ code: "BAD_USER_INPUT" }),
      );
    },
  );

  test("of any texts is restored by splitting and decoding", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (values) => {
        const query = queryOf({ a: joined(values, ",") });
        const url = new URL(`http://service/?${query}`);
        expect(url.search.slice(1).split("=")[1]?.split(",").map(decodeURIComponent)).toEqual(
          values.map((value) => value.toWellFormed()),
        );
      }),
    );
  });
});

test("reserved characters are not encoded, except those that would end the value", () => {
  expect(queryOf({ path: reserved("/a:b?c=[d],e@f!") })).toBe("path=/a:b?c=[d],e@f!");
  expect(queryOf({ path: reserved("a&b#c+d%e f") })).toBe("path=a%26b%23c%2Bd%25e%20f");
  expect(queryOf({ path: reserved(undefined) })).toBe("");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const url = new URL(`http://service/?${queryOf({ a: reserved(text) })}&b=1`);
      expect([url.searchParams.get("a"), url.searchParams.get("b"), url.hash]).toEqual([text.toWellFormed(), "1", ""]);
    }),
  );
});

test("a parameter is set in a query, and the rest of the query is unchanged", () => {
  expect(withParameter("ids=1,2&page=1", "page", 2)).toBe("ids=1,2&page=2");
  expect(withParameter("page=1&ids=1,2&p%61ge=4", "page", "a b")).toBe("page=a%20b&ids=1,2");
  expect(withParameter("", "page", 1)).toBe("page=1");
});
