import type { RequestListener } from "node:http";
import { createScope, listen, marksOf, open, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createRestReads, linkHeader, nextCursor, pageNumber, path, rowOffset } from "../../src/rest/reads.ts";

const numbers = z.array(z.number());

/** A service whose list goes from 1 to `count`, and its requests. */
async function pagedService(
  listener: (url: URL, urls: string[]) => { headers?: Record<string, string>; body: unknown },
) {
  const urls: string[] = [];
  const respond: RequestListener = (request, response) => {
    urls.push(request.url ?? "");
    const { headers = {}, body } = listener(new URL(request.url ?? "", `http://${request.headers.host}`), urls);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(JSON.stringify(body));
  };
  const upstream = await serve(respond);
  const scope = createScope();
  return { urls, upstream, scope, reads: createRestReads(upstream, scope) };
}

/** The part of 1, 2, 3, … `count` on this page. The first page is 1. */
const pageOf = (count: number, page: number, size: number): number[] =>
  Array.from({ length: count }, (_, index) => index + 1).slice((page - 1) * size, page * size);

describe("pages by Link header", () => {
  const linked = (count: number, linkOf: (url: URL, next: number) => string) =>
    pagedService((url) => {
      const page = Number(url.searchParams.get("page") ?? 1);
      const headers: Record<string, string> = page * 2 < count ? { link: linkOf(url, page + 1) } : {};
      return { headers, body: pageOf(count, page, 2) };
    });

  test.each<[string, (url: URL, next: number) => string]>([
    ["absolute", (url, next) => `<${url.origin}/list?page=${next}>; rel="next"`],
    ["relative to the path", (_url, next) => `</list?page=${next}>; rel=next`],
    ["relative to the page", (_url, next) => `<?page=${next}>; rel="prev NEXT"`],
    [
      "among others, with commas and quotes",
      (_url, next) =>
        `</list?page=9>; rel="last"; title="a, b; rel=\\"next\\"", </list?a=1,2&page=${next}>; Rel="next", <x>; rel="next"`,
    ],
    ["with a fragment", (_url, next) => `</list?page=${next}#here>; rel="next"`],
  ])("are followed to the last one, with a link that is %s", async (_name, linkOf) => {
    const { urls, scope, reads } = await linked(5, linkOf);
    const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader() });
    expect(await list.load()).toEqual({ items: [1, 2, 3, 4, 5], isComplete: true });
    expect(urls).toHaveLength(3);
    expect(marksOf(scope)).toEqual([
      { keys: 1, rows: 2 },
      { keys: 1, rows: 2 },
      { keys: 1, rows: 1 },
    ]);
    expect(scope.calls.entries.map(({ call }) => call)).toEqual(["list", "list", "list"]);
  });

  test("are followed up to `maxPages`; a truncated list says so, and is logged once", async () => {
    const { urls, scope, reads } = await linked(9, (_url, next) => `</list?page=${next}>; rel="next"`);
    const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader(), maxPages: 2 });
    expect(await list.load()).toEqual({ items: [1, 2, 3, 4], isComplete: false });
    expect((await list.load()).isComplete).toBe(false);
    expect(urls).toHaveLength(2);
    expect(scope.lines).toEqual([expect.objectContaining({ level: 40, source: "cities", call: "list", maxPages: 2 })]);
  });

  test("a list that ends at `maxPages` is complete", async () => {
    const { scope, reads } = await linked(4, (_url, next) => `</list?page=${next}>; rel="next"`);
    const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader(), maxPages: 2 });
    expect(await list.load()).toEqual({ items: [1, 2, 3, 4], isComplete: true });
    expect(scope.lines).toEqual([]);
  });

  test.each<[string, (url: URL, count: number) => string, number]>([
    ["to itself", () => '<?page=1>; rel="next"', 2],
    ["to other fragments of itself", (_url, count) => `<?page=1#${count}>; rel="next"`, 2],
    ["back and forth", ({ search }) => `<?page=${search === "?page=1" ? 2 : 1}>; rel="next"`, 3],
  ])("a link that leads %s is refused", async (_name, linkOf, calls) => {
    const { urls, reads } = await pagedService((url, requested) => ({
      headers: { link: linkOf(url, requested.length) },
      body: [1],
    }));
    const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader() });
    await expect(list.load()).rejects.toMatchObject({
      code: "UPSTREAM_INVALID_RESPONSE",
      source: "cities",
      message: expect.stringContaining("form a cycle"),
    });
    expect(urls).toHaveLength(calls);
  });

  test.each(["http://127.0.0.1:1/list?page=2", "//evil.example/list", "https://127.0.0.1/list", "javascript:alert(1)"])(
    "a link to another origin (%s) is refused, and nothing is sent there",
    async (target) => {
      const { urls, reads } = await pagedService(() => ({ headers: { link: `<${target}>; rel="next"` }, body: [1] }));
      const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader() });
      await expect(list.load()).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        message: "The service cities sent an invalid response to /list: its next page has another origin.",
      });
      expect(urls).toHaveLength(1);
    },
  );

  test("a link to another origin is in the log and not in the error", async () => {
    const link = '<http://internal.example:8080/path?token=secret>; rel="next"';
    const { scope, reads } = await pagedService(() => ({ headers: { link }, body: [1] }));
    const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader() });
    await expect(list.load()).rejects.toThrow(/^(?!.*(?:internal|secret))/);
    expect(scope.lines).toMatchObject([{ source: "cities", path: "/list", origin: "http://internal.example:8080" }]);
  });

  test.each<[string, unknown, string]>([
    ["fails its schema", "not an array", ""],
    ["is its own next page", [1], '<?a=1>; rel="next"'],
    ["has an invalid URL", [1], '<http://:::>; rel="next"'],
  ])("the error of a page that %s names the path below the base URL, as for other reads", async (_name, body, link) => {
    const baseUrl = `${await listen((_request, response) => response.setHeader("link", link).end(JSON.stringify(body)))}/secret`;
    const reads = createRestReads(open({ baseUrl }), createScope());
    const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader() });
    await expect(list.load()).rejects.toThrow("The service cities sent an invalid response to /list: ");
  });

  test.each([0, 1.5])("`maxPages` of %d is refused when the reader is created", async (maxPages) => {
    const { reads } = await linked(5, () => "");
    const read = { call: "list", path: "/list", body: numbers, next: linkHeader(), maxPages } as const;
    expect(() => reads.paged(read)).toThrow('"maxPages" of list');
  });

  test("a next page that is not a URL is refused", async () => {
    const { reads } = await linked(5, () => '<http://:::>; rel="next"');
    const list = reads.paged({ call: "list", path: "/list", body: numbers, next: linkHeader() });
    await expect(list.load()).rejects.toMatchObject({ message: expect.stringContaining("not a URL") });
  });

  test("a failed page fails the list", async () => {
    const { reads } = await linked(5, () => '</list?page=2>; rel="next"');
    const broken = reads.paged({ call: "list", path: "/list", body: z.array(z.number().max(2)), next: linkHeader() });
    await expect(broken.load()).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
  });
});

describe("pages by number", () => {
  const numbered = (count: number) =>
    pagedService((url) => ({
      body: {
        total: count,
        rows: pageOf(count, Number(url.searchParams.get("page")), Number(url.searchParams.get("per") ?? 2)),
      },
    }));
  const body = z.object({ total: z.number(), rows: numbers });

  test.each([
    [5, 3],
    [4, 3],
    [1, 1],
    [0, 1],
  ])("end at a short or empty page: %i items by two are %i calls", async (count, calls) => {
    const { urls, reads } = await numbered(count);
    const list = reads.paged({
      call: "list",
      path: "/list",
      body,
      items: ({ rows }) => rows,
      next: pageNumber({ parameter: "page", size: 2 }),
    });
    expect(await list.load()).toEqual({ items: pageOf(count, 1, count), isComplete: true });
    expect(urls).toHaveLength(calls);
  });

  test.each([
    [4, 2],
    [5, 3],
    [0, 1],
  ])("end at the total: %i items by two are %i calls", async (count, calls) => {
    const { urls, reads } = await numbered(count);
    const list = reads.paged({
      call: "list",
      path: "/list",
      body,
      items: ({ rows }) => rows,
      next: pageNumber({ parameter: "page", size: 2, totalOf: (page) => page.total }),
    });
    expect((await list.load()).items).toHaveLength(count);
    expect(urls).toHaveLength(calls);
  });

  test("with a total, a short page is not the last one", async () => {
    const { urls, reads } = await pagedService((url) => ({
      body: { total: 4, rows: pageOf(4, Number(url.searchParams.get("page")), 2) },
    }));
    const list = reads.paged({
      call: "list",
      path: "/list",
      body,
      items: ({ rows }) => rows,
      next: pageNumber({
        parameter: "page",
        sizeParameter: "per",
        size: 100,
        totalOf: (page) => page.total,
      }),
    });
    expect((await list.load()).items).toEqual([1, 2, 3, 4]);
    expect(urls).toEqual(["/list?page=1&per=100", "/list?page=2&per=100"]);
  });

  test("end at an empty page, whatever its total", async () => {
    const { urls, reads } = await pagedService(() => ({ body: { total: 10, rows: [] } }));
    const list = reads.paged({
      call: "list",
      path: "/list",
      body,
      items: ({ rows }) => rows,
      next: pageNumber({ parameter: "page", size: 2, totalOf: (page) => page.total }),
    });
    expect(await list.load()).toEqual({ items: [], isComplete: true });
    expect(urls).toHaveLength(1);
  });

  test("start at `firstPage`, beside the query of the read", async () => {
    const { urls, reads } = await pagedService((url) => ({ body: url.searchParams.get("page") === "0" ? [1, 2] : [] }));
    const list = reads.paged({
      call: "list",
      path: (team: string) => path`/teams/${team}/list`,
      query: () => new URLSearchParams({ state: "open" }),
      body: numbers,
      next: pageNumber({ parameter: "page", sizeParameter: "per", size: 2, firstPage: 0 }),
    });
    expect((await list.load("a b")).items).toEqual([1, 2]);
    expect(urls).toEqual(["/teams/a%20b/list?state=open&page=0&per=2", "/teams/a%20b/list?state=open&page=1&per=2"]);
  });

  test.each<[string, Parameters<typeof rowOffset<{ total: number }>>[0], string[]]>([
    [
      "up to the total, however few rows a page has",
      { parameter: "offset", sizeParameter: "limit", size: 100, totalOf: ({ total }) => total },
      ["/list?of=1,2&offset=0&limit=100", "/list?of=1,2&offset=2&limit=100", "/list?of=1,2&offset=4&limit=100"],
    ],
    [
      "up to a short page",
      { parameter: "offset", sizeParameter: "limit", size: 2 },
      ["/list?of=1,2&offset=0&limit=2", "/list?of=1,2&offset=2&limit=2", "/list?of=1,2&offset=4&limit=2"],
    ],
    [
      "up to an empty page without a size and a total",
      { parameter: "offset" },
      ["/list?of=1,2&offset=0", "/list?of=1,2&offset=2", "/list?of=1,2&offset=4", "/list?of=1,2&offset=5"],
    ],
  ])("by offset are read %s, and the rest of the query is unchanged", async (_how, options, expectedUrls) => {
    const { urls, reads } = await pagedService((url) => {
      const offset = Number(url.searchParams.get("offset"));
      return { body: { total: 5, rows: [1, 2, 3, 4, 5].slice(offset, offset + 2) } };
    });
    const list = reads.paged({
      call: "list",
      path: "/list",
      query: () => "of=1,2",
      body,
      items: ({ rows }) => rows,
      next: rowOffset(options),
    });
    expect(await list.load()).toEqual({ items: [1, 2, 3, 4, 5], isComplete: true });
    expect(urls).toEqual(expectedUrls);
  });

  test("an invalid size is refused when the reader is declared", () => {
    expect(() => pageNumber({ parameter: "page", size: 0 })).toThrow("size of a page");
  });
});

describe("pages by cursor", () => {
  const body = z.object({ next: z.string().nullable(), rows: numbers });

  test("are read with the encoded cursor of the last page, until it has none", async () => {
    const { urls, reads } = await pagedService((url) => {
      const cursor = url.searchParams.get("after");
      if (cursor === null) return { body: { next: "a&b=c", rows: [1] } };
      return { body: { next: cursor === "a&b=c" ? "z" : null, rows: [cursor.length] } };
    });
    const list = reads.paged({
      call: "list",
      path: "/list",
      body,
      items: ({ rows }) => rows,
      next: nextCursor({ parameter: "after", cursorOf: (page) => page.next }),
    });
    expect(await list.load()).toEqual({ items: [1, 5, 1], isComplete: true });
    expect(urls).toEqual(["/list", "/list?after=a%26b%3Dc", "/list?after=z"]);
  });

  test("a repeated cursor is refused as a cycle", async () => {
    const { urls, reads } = await pagedService(() => ({ body: { next: "same", rows: [1] } }));
    const list = reads.paged({
      call: "list",
      path: "/list",
      body,
      items: ({ rows }) => rows,
      next: nextCursor({ parameter: "after", cursorOf: (page) => page.next }),
    });
    await expect(list.load()).rejects.toMatchObject({ message: expect.stringContaining("form a cycle") });
    expect(urls).toHaveLength(2);
  });
});

test("a list is read once per request and argument", async () => {
  const { urls, reads } = await pagedService(() => ({ body: [1] }));
  const list = reads.paged({
    call: "list",
    path: "/list",
    query: (of: string) => new URLSearchParams({ of }),
    body: numbers,
    next: linkHeader(),
  });
  await Promise.all([list.load("a"), list.load("a"), list.load("b")]);
  await list.load("b");
  expect(urls.sort()).toEqual(["/list?of=a", "/list?of=b"]);
});
