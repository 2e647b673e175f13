import type { IncomingMessage } from "node:http";
import { createScope, leaving, listen, marksOf, open, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { commaList, createRestReads, type KeyEncoding, postBody, repeated } from "../../src/rest/reads.ts";
import type { UpstreamOptions } from "../../src/rest/upstream.ts";

const city = z.object({ id: z.union([z.string(), z.number()]), name: z.string() });
type City = z.infer<typeof city>;
const named = (id: string | number, name = `city ${id}`): City => ({ id, name });

/** A service with a list endpoint that responds with these rows to these ids. */
async function cityService(bodyFor: (ids: string[], url: string) => unknown, options: Partial<UpstreamOptions> = {}) {
  const requests: { url: string; body: string; ids: string[] }[] = [];
  const upstream = await serve(async (request, response) => {
    const { ids, body } = await idsOf(request);
    requests.push({ url: request.url ?? "", body, ids });
    const found = bodyFor(ids, request.url ?? "");
    if (found === undefined) response.writeHead(500).end();
    else response.end(JSON.stringify(found));
  }, options);
  const scope = createScope();
  return { requests, upstream, scope, reads: createRestReads(upstream, scope) };
}

/** In any of the encodings. */
async function idsOf(request: IncomingMessage): Promise<{ ids: string[]; body: string }> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { searchParams } = new URL(request.url ?? "", "http://service");
  const list = searchParams.get("ids")?.split(",") ?? [];
  const posted: unknown[] = body === "" ? [] : JSON.parse(body).ids;
  return { ids: [...searchParams.getAll("id"), ...list, ...posted.map(String)], body };
}

const byId = {
  call: "citiesById",
  path: "/cities",
  keys: repeated("id"),
  body: z.array(city),
  keyOf: (row: City) => row.id,
} as const;

describe("one by key", () => {
  test("the keys of one tick are one call; each gets its row, whatever its position in the response", async () => {
    const { requests, reads, scope } = await cityService((ids) => ids.toReversed().map((id) => named(id)));
    const cities = reads.oneByKey(byId);
    const loaded = await Promise.all([cities.load("a"), cities.load("b"), cities.load("a"), cities.load("c")]);
    expect(loaded.map((row) => row?.name)).toEqual(["city a", "city b", "city a", "city c"]);
    expect(requests.map(({ url }) => url)).toEqual(["/cities?id=a&id=b&id=c"]);
    expect(scope.calls.entries).toMatchObject([{ source: "cities", call: "citiesById", keys: 3, rows: 3 }]);
  });

  test("a key without a row gives null; of two rows the first one is used; rows with other keys are dropped", async () => {
    const { reads } = await cityService(() => [named("x"), named("b", "first"), named("b", "second")]);
    const cities = reads.oneByKey(byId);
    expect(await Promise.all([cities.load("a"), cities.load("b")])).toEqual([null, named("b", "first")]);
    // A dropped row is not cached either: "x" is read when it is loaded.
    expect(await cities.load("x")).toEqual(named("x"));
  });

  test("keys with the same arguments share a call; keys with other arguments do not", async () => {
    const { requests, reads } = await cityService((ids, url) => ids.map((id) => named(id, `${id} ${url.at(-1)}`)));
    const cities = reads.oneByKey({
      ...byId,
      path: "/c",
      query: ({ year }: { year: number }) => new URLSearchParams({ year: String(year) }),
      keys: postBody((ids) => ({ ids })),
    });
    const of = (id: string, year: number) => cities.load(id, { arguments: { year } });
    const loaded = await Promise.all([of("a", 1), of("b", 2), of("c", 1), of("a", 2)]);
    expect(loaded.map((row) => row?.name)).toEqual(["a 1", "b 2", "c 1", "a 2"]);
    expect(requests.map(({ url, ids }) => `${url} ${ids}`)).toEqual(["/c?year=1 a,c", "/c?year=2 b,a"]);
  });

  test('1 and "1" are one key, in the request and in the response', async () => {
    const { requests, reads } = await cityService(() => [named(1), named("2")]);
    const cities = reads.oneByKey(byId);
    const loaded = await Promise.all([cities.load(1), cities.load("1"), cities.load(2)]);
    expect(loaded).toEqual([named(1), named(1), named("2")]);
    expect(requests.map(({ ids }) => ids)).toEqual([["1", "2"]]);
  });

  test("keys that are names of Object's own properties are keys like any other", async () => {
    const { reads } = await cityService((ids) => ids.filter((id) => id !== "toString").map((id) => named(id)));
    const cities = reads.oneByKey(byId);
    expect(await Promise.all(["constructor", "__proto__", "toString"].map((id) => cities.load(id)))).toEqual([
      named("constructor"),
      named("__proto__"),
      null,
    ]);
  });

  test("a key is read once per request, also a key without a row", async () => {
    const { requests, reads } = await cityService(() => []);
    const cities = reads.oneByKey(byId);
    expect([await cities.load("a"), await cities.load("a")]).toEqual([null, null]);
    expect(requests).toHaveLength(1);
  });

  test("a primed key is not read, and a cleared key is read again", async () => {
    const { requests, reads } = await cityService((ids) => ids.map((id) => named(id)));
    const cities = reads.oneByKey(byId);
    cities.prime("a", named("a", "known"));
    expect(await cities.load("a")).toEqual(named("a", "known"));
    cities.clear("a");
    expect(await cities.load("a")).toEqual(named("a"));
    expect(requests).toHaveLength(1);
  });

  test("a row whose key is null is dropped", async () => {
    const { reads } = await cityService(() => [{ id: null, name: "lost" }]);
    const cities = reads.oneByKey({
      ...byId,
      body: z.array(z.object({ id: z.string().nullable() })),
      keyOf: (row) => row.id,
    });
    expect(await cities.load("null")).toBeNull();
  });

  test("rows are found in an envelope", async () => {
    const { reads, scope } = await cityService((ids) => ({ data: { cities: ids.map((id) => named(id)) } }));
    const cities = reads.oneByKey({
      ...byId,
      body: z.object({ data: z.object({ cities: z.array(city) }) }),
      items: (body) => body.data.cities,
      keyOf: (row) => row.id,
    });
    expect(await cities.load("a")).toEqual(named("a"));
    expect(marksOf(scope)).toEqual([{ keys: 1, rows: 1 }]);
  });

  test("a body that is not an array fails without `items`, with an error that says so", async () => {
    const { reads } = await cityService(() => ({ data: [] }));
    const cities = reads.oneByKey({ ...byId, body: z.any() });
    await expect(cities.load("a")).rejects.toThrow("The body is not an array: set `items`.");
  });
});

describe("many by key", () => {
  test("each key gets its rows in the service's order, and none is an empty list", async () => {
    const rows = [named("b", "1"), named("a", "2"), named("b", "3"), named("x", "4")];
    const { requests, reads } = await cityService(() => rows);
    const cities = reads.manyByKey(byId);
    const loaded = await Promise.all(["a", "b", "c"].map((id) => cities.load(id)));
    expect(loaded.map((found) => found.map(({ name }) => name))).toEqual([["2"], ["1", "3"], []]);
    expect(requests).toHaveLength(1);
  });

  test("a row that another call of the batch also returns is not counted twice", async () => {
    const { reads } = await cityService(() => [named("a"), named("b")]);
    const cities = reads.manyByKey({ ...byId, maxKeys: 1 });
    const loaded = await Promise.all(["a", "b"].map((id) => cities.load(id)));
    expect(loaded).toEqual([[named("a")], [named("b")]]);
  });
});

describe("keys are sent", () => {
  const encodings: [string, KeyEncoding, string][] = [
    ["as a repeated parameter", repeated("id"), "/cities?id=a%26b&id=%C3%A9"],
    ["as a list with commas", commaList("ids"), "/cities?ids=a%26b,%C3%A9"],
  ];

  test.each(encodings)("%s", async (_name, keys, url) => {
    const { requests, reads } = await cityService((ids) => ids.map((id) => named(id)));
    const cities = reads.oneByKey({ ...byId, keys });
    const loaded = await Promise.all(["a&b", "é"].map((id) => cities.load(id)));
    expect(loaded).toEqual([named("a&b"), named("é")]);
    expect(requests.map((request) => request.url)).toEqual([url]);
  });

  test("as the body of a POST, unchanged", async () => {
    const { requests, reads, scope } = await cityService((ids) => ids.map((id) => named(id)));
    const keys = postBody((ids) => ({ ids }), { path: "/cities/search" });
    const cities = reads.oneByKey({ ...byId, keys, query: new URLSearchParams({ lang: "nb" }) });
    expect(await Promise.all([cities.load(1), cities.load("b")])).toEqual([named("1"), named("b")]);
    expect(requests).toMatchObject([{ url: "/cities/search?lang=nb", body: '{"ids":[1,"b"]}' }]);
    expect(marksOf(scope)).toEqual([{ keys: 2, rows: 2 }]);
  });

  test("and a POST without a body is not sent: it would read everything", async () => {
    const { requests, reads } = await cityService(() => [named("a")]);
    const cities = reads.oneByKey({ ...byId, keys: postBody(() => undefined) });
    await expect(cities.load("a")).rejects.toThrow("The JSON body of citiesById must be a JSON value, got undefined.");
    expect(requests).toEqual([]);
  });

  test("beside the rest of the query", async () => {
    const { requests, reads } = await cityService(() => []);
    await reads.oneByKey({ ...byId, query: new URLSearchParams({ lang: "nb no" }) }).load("a");
    expect(requests.map(({ url }) => url)).toEqual(["/cities?lang=nb+no&id=a"]);
  });

  test.each([
    ["blank", " ", repeated("id"), "a key that is not blank"],
    ["not a number", Number.NaN, repeated("id"), "an exact number"],
    ["not a safe integer", 2 ** 53, repeated("id"), "an exact number"],
    ["several keys in a comma list", "a,b", commaList("ids"), "a key without a comma"],
    ["longer than a URL", "x".repeat(3000), repeated("id"), "a key that fits into the"],
  ])("but a key that is %s is refused alone, and not sent", async (_name, key, keys, expected) => {
    const { requests, reads } = await cityService((ids) => ids.map((id) => named(id)));
    const cities = reads.oneByKey({ ...byId, keys });
    const good = cities.load("good");
    await expect(cities.load(key)).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      message: expect.stringMatching(new RegExp(`^Expected ${expected}.*, got .{1,70}\\.$`)),
    });
    expect(await good).toEqual(named("good"));
    expect(requests.map(({ ids }) => ids)).toEqual([["good"]]);
  });

  test("and without keys no call is made: an API might return everything", async () => {
    const { requests, reads } = await cityService(() => [named("a")]);
    await expect(reads.oneByKey(byId).load("")).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    expect(requests).toEqual([]);
  });
});

describe("a batch is split", () => {
  test("by `maxKeys`", async () => {
    const { requests, reads, scope } = await cityService((ids) => ids.map((id) => named(id)));
    const cities = reads.oneByKey({ ...byId, maxKeys: 3 });
    const ids = Array.from({ length: 7 }, (_, index) => `k${index}`);
    expect(await Promise.all(ids.map((id) => cities.load(id)))).toEqual(ids.map((id) => named(id)));
    expect(requests.map((request) => request.ids.length).sort()).toEqual([1, 3, 3]);
    expect(marksOf(scope).map(({ keys }) => keys)).toEqual([3, 3, 1]);
  });

  test("so that the whole URL is at most as long as allowed", async () => {
    for (const keys of [repeated("id"), commaList("ids")]) {
      const { requests, reads, upstream } = await cityService((ids) => ids.map((id) => named(id)), {
        maxUrlLength: 200,
      });
      const cities = reads.oneByKey({ ...byId, keys, query: new URLSearchParams({ lang: "é" }) });
      const ids = Array.from({ length: 60 }, (_, index) => `é${index}`);
      expect(await Promise.all(ids.map((id) => cities.load(id)))).toEqual(ids.map((id) => named(id)));
      const lengths = requests.map(({ url }) => upstream.baseUrl.length + url.length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(200);
      // One more key would have been 14 characters at most.
      expect(lengths.filter((length) => length > 200 - 14).length).toBeGreaterThanOrEqual(lengths.length - 1);
    }
  });

  test.each([
    ["repeated parameters", repeated("id"), "/cities?lang=nb&id=a&id=b%20c"],
    ["a list with commas", commaList("ids"), "/cities?lang=nb&ids=a,b%20c"],
  ])("not one character too early by %s", async (_name, keys, url) => {
    for (const [room, calls] of [
      [0, 1],
      [-1, 2],
    ] as const) {
      const baseUrl = await listen((request, response) => {
        urls.push(request.url ?? "");
        response.end("[]");
      });
      const urls: string[] = [];
      const upstream = open({ baseUrl, maxUrlLength: baseUrl.length + url.length + room });
      const reads = createRestReads(upstream, createScope());
      const cities = reads.oneByKey({ ...byId, keys, query: new URLSearchParams({ lang: "nb" }) });
      await Promise.all(["a", "b c"].map((id) => cities.load(id)));
      expect(urls).toHaveLength(calls);
      if (calls === 1) expect(urls).toEqual([url]);
    }
  });

  test("and a failed call fails its own keys only", async () => {
    const { requests, reads } = await cityService((ids) =>
      ids.includes("bad") ? undefined : ids.map((id) => named(id)),
    );
    const cities = reads.oneByKey({ ...byId, maxKeys: 2 });
    const loaded = await Promise.allSettled(["a", "b", "bad", "c", "d"].map((id) => cities.load(id)));
    expect(loaded.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected", "fulfilled"]);
    // Errors are cached too: a request does not call a failing service again and again.
    await expect(cities.load("c")).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", source: "cities" });
    expect(requests).toHaveLength(3);
  });

  test("an aborted request fails every key with its abort reason", async () => {
    const { scope, clientLeaves } = leaving();
    const { upstream } = await cityService(() => []);
    const cities = createRestReads(upstream, scope).oneByKey({ ...byId, maxKeys: 1 });
    const loads = ["a", "b"].map((id) => cities.load(id).catch((reason: unknown) => reason));
    clientLeaves();
    expect(await Promise.all(loads)).toEqual([scope.signal.reason, scope.signal.reason]);
  });

  test.each([0, 1.5, -1])("`maxKeys` of %d is refused when the reader is created", async (maxKeys) => {
    const { reads } = await cityService(() => []);
    expect(() => reads.oneByKey({ ...byId, maxKeys })).toThrow('"maxKeys" of citiesById');
  });
});
