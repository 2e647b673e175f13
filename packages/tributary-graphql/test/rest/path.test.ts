import fc from "fast-check";
import { createScope, open, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { path } from "../../src/rest/path.ts";

/** Empty, a dot segment, with one beside a slash, or with a control character. */
const changesPath = (value: string): boolean =>
  value === "" ||
  value.split("").some((character) => character < " " || character === "\u007f") ||
  value.split(/[/\\]/).some((segment) => [".", "..", "%2e", "%2e%2e"].includes(segment) && segment !== value) ||
  [".", ".."].includes(value);

describe("a path with values", () => {
  test("has each value encoded, so that it stays in its segment", () => {
    expect(path`/a/${"b/c"}/${5}/${"é ?#%"}-${"x"}`).toBe("/a/b%2Fc/5/%C3%A9%20%3F%23%25-x");
  });

  test("doubles a quote between quotes, as OData writes keys, and nowhere else", () => {
    expect(path`/Users('${"O'Neil"}')/$count`).toBe("/Users('O''Neil')/$count");
    expect(path`/users/${"O'Neil"}`).toBe("/users/O'Neil");
  });

  test("joins a list by commas, and encodes a comma in a value", () => {
    expect(path`/pets/${[1, "a,b"]}/names`).toBe("/pets/1,a%2Cb/names");
    expect(() => path`/pets/${[]}`).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
    expect(() => path`/pets/${["a", ""]}`).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  });

  test.each([
    "..",
    ".",
    "",
    "../admin",
    "a/../../admin",
    "..\\admin",
    "a/./b",
    "%2e%2e/admin",
    "a\u0000",
    "a\r\nx-admin: 1",
    "\u007f",
  ])("refuses %j, which could change the path at a service that decodes it first", (value) => {
    expect(() => path`/a/${value}/b`).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
    expect(() => path`/${value}`).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  });

  test("refuses two values that are a dot segment together", () => {
    expect(() => path`/a/${"."}${"."}/b`).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
  });

  test("begins with a slash", () => {
    expect(() => path`a/${"b"}`).toThrow('begins with "/"');
  });

  test("has the same number of segments for any values, or is refused", () => {
    const base = "http://service/v1";
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("..", "%2e%2e", "\\..", "/", "?", "#", "a@b"),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        let built: string;
        try {
          built = path`/x/${a}/${b}/y`;
        } catch (error) {
          expect(error).toMatchObject({ code: "BAD_USER_INPUT" });
          expect([a, b].some(changesPath)).toBe(true);
          return;
        }
        const url = new URL(base + built);
        expect(url.href).toBe(base + built);
        const segments = url.pathname.split("/").map(decodeURIComponent);
        expect(segments).toEqual(["", "v1", "x", a.toWellFormed(), b.toWellFormed(), "y"]);
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });
});

describe("a path that was built by hand", () => {
  const get = (upstream: ReturnType<typeof open>, built: string) =>
    upstream.get(createScope(), { call: "x", keys: 1, path: built as `/${string}`, body: z.any() });

  test.each([
    "/a/../b",
    "/a/..",
    "/./a",
    "/a/%2e%2E/b",
    "/a\\..\\b",
    "/a?b=c",
    "/a#b",
    "@evil.example/",
    ".evil.example/",
    "a",
    "/a\r\nx: y",
    "/a/.\t./b",
  ])("is refused if it may not be below the base URL: %j", async (built) => {
    const upstream = open({ baseUrl: "http://127.0.0.1:1/v1" });
    await expect(get(upstream, built)).rejects.toThrow(/^A path must /);
  });

  test("stays at the service when it begins with two slashes", async () => {
    const urls: (string | undefined)[] = [];
    const upstream = await serve((request, response) => {
      urls.push(request.url);
      response.end("{}");
    });
    await get(upstream, "//evil.example/x");
    expect(urls).toEqual(["//evil.example/x"]);
  });
});

describe("a base URL", () => {
  test.each(["nonsense", "ftp://a", "http://a?b=c", "http://a#b", "http://me:pass@a", "/v1"])(
    "is refused when it is %s",
    (baseUrl) => {
      expect(() => open({ baseUrl })).toThrow("Expected a base URL such as https://api.example.org/v1");
    },
  );

  test("loses its trailing slashes", () => {
    expect(open({ baseUrl: "https://API.example.org/v1//" }).baseUrl).toBe("https://api.example.org/v1");
  });
});
