import { createScope, marksOf, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { createRestReads, path } from "../../src/rest/reads.ts";
import type { UpstreamOptions } from "../../src/rest/upstream.ts";

const sun = z.object({ at: z.string() });
const byLocation = {
  call: "sun",
  path: "/sun",
  query: (at: string) => new URLSearchParams({ at }),
  body: sun,
} as const;

/** A service that takes one location per call; for some it responds with 404, for some with 500. */
async function sunService(options: Partial<UpstreamOptions> = {}) {
  const urls: string[] = [];
  const upstream = await serve((request, response) => {
    urls.push(request.url ?? "");
    const { searchParams, pathname } = new URL(request.url ?? "", "http://service");
    const at = searchParams.get("at") ?? decodeURIComponent(pathname.slice(1));
    if (at === "nowhere") response.writeHead(404).end("no such location");
    else if (at === "hell") response.writeHead(500).end();
    else response.end(JSON.stringify({ at }));
  }, options);
  const scope = createScope();
  return { urls, scope, reads: createRestReads(upstream, scope) };
}

describe("an endpoint that takes one key per call", () => {
  test("is called once per distinct key and request", async () => {
    const { urls, scope, reads } = await sunService();
    const reader = reads.single(byLocation);
    const bodies = await Promise.all(["oslo", "rome", "oslo"].map((at) => reader.load(at)));
    expect(bodies).toEqual([{ at: "oslo" }, { at: "rome" }, { at: "oslo" }]);
    expect(await reader.load("rome")).toEqual({ at: "rome" });
    expect(urls.sort()).toEqual(["/sun?at=oslo", "/sun?at=rome"]);
    expect(marksOf(scope)).toEqual([
      { keys: 1, rows: 1 },
      { keys: 1, rows: 1 },
    ]);
  });

  test("has concurrent calls, as many as `maxConcurrencyPerRequest` allows", async () => {
    const held: (() => void)[] = [];
    const upstream = await serve((_request, response) => void held.push(() => response.end('{"at":"x"}')), {
      maxConcurrency: 6,
    });
    const reader = createRestReads(upstream, createScope()).single(byLocation);
    const loads = Array.from({ length: 10 }, (_, index) => reader.load(`${index}`));
    let most = 0;
    while (held.length < 10) {
      const before = held.length;
      await vi.waitFor(() => expect(held.length).toBe(Math.min(10, before + 3)));
      most = Math.max(most, held.length - before);
      for (const respond of held.slice(before)) respond();
    }
    await Promise.all(loads);
    expect(most).toBe(3);
  });

  test("a failed key does not fail the others, and its error is cached for the request", async () => {
    const { urls, reads } = await sunService();
    const reader = reads.single(byLocation);
    const loads = await Promise.allSettled(["oslo", "hell", "rome"].map((at) => reader.load(at)));
    expect(loads.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await expect(reader.load("hell")).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", source: "cities" });
    expect(urls).toHaveLength(3);
    reader.clear("hell");
    await expect(reader.load("hell")).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(urls).toHaveLength(4);
  });

  test('a 404 is an error, or null with `notFound: "null"`', async () => {
    const { scope, reads } = await sunService();
    await expect(reads.single(byLocation).load("nowhere")).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    const reader = reads.single({ ...byLocation, notFound: "null" });
    expect(await Promise.all([reader.load("nowhere"), reader.load("oslo")])).toEqual([null, { at: "oslo" }]);
    expect(marksOf(scope)).toEqual([
      { keys: 1, rows: 0, failed: true },
      { keys: 1, rows: 0 },
      { keys: 1, rows: 1 },
    ]);
  });

  test("keys that are objects are equal by their path and query, or by `cacheKey`", async () => {
    const { urls, reads } = await sunService();
    const reader = reads.single({
      ...byLocation,
      query: ({ at }: { at: string; note?: string }) => new URLSearchParams({ at }),
    });
    await Promise.all([reader.load({ at: "oslo" }), reader.load({ note: "again", at: "oslo" })]);
    expect(urls).toHaveLength(1);
    const byFirstLetter = reads.single({ ...byLocation, cacheKey: (at: string) => at.slice(0, 1) });
    expect(await Promise.all([byFirstLetter.load("rome"), byFirstLetter.load("reykjavik")])).toEqual([
      { at: "rome" },
      { at: "rome" },
    ]);
    expect(urls).toHaveLength(2);
  });

  test("a primed key is not read", async () => {
    const { urls, reads } = await sunService();
    const reader = reads.single(byLocation);
    reader.prime("oslo", { at: "known" });
    expect(await reader.load("oslo")).toEqual({ at: "known" });
    expect(urls).toEqual([]);
  });

  test("takes its key in the path, encoded; a key that would change the path is refused and not sent", async () => {
    const { urls, reads } = await sunService();
    const reader = reads.single({ call: "sun", path: (at: string) => path`/${at}`, body: sun });
    expect(await reader.load("a/b ?é")).toEqual({ at: "a/b ?é" });
    for (const at of ["..", ".", "", "a/../b"])
      await expect(reader.load(at)).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    expect(urls).toEqual(["/a%2Fb%20%3F%C3%A9"]);
  });
});

describe("any GET", () => {
  test("identical reads of one request are one call, in the same tick and later", async () => {
    const { urls, scope, reads } = await sunService();
    const read = { call: "sun", keys: 1, path: "/sun", query: new URLSearchParams({ at: "oslo" }), body: sun } as const;
    const [first, second] = await Promise.all([reads.get(read), reads.get(read)]);
    const third = await reads.get({ ...read, query: "at=oslo" });
    expect([first.body, second.body, third.body]).toEqual(Array(3).fill({ at: "oslo" }));
    expect(third.headers).toHaveProperty("date");
    expect(urls).toHaveLength(1);
    expect(marksOf(scope)).toEqual([{ keys: 1, rows: 1 }]);
    await reads.get({ ...read, query: "at=rome" });
    expect(urls).toHaveLength(2);
  });

  test("a response that is read with another schema is validated again", async () => {
    const { reads } = await sunService();
    const read = { call: "sun", keys: 1, path: "/sun", query: "at=oslo" } as const;
    await reads.get({ ...read, body: sun });
    await expect(reads.get({ ...read, body: z.number() })).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
  });
});
