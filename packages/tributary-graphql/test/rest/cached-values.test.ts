import type { StandardSchemaV1 } from "@standard-schema/spec";
import { createScope, serve } from "tributary-testing/rest-service.ts";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createRestReads, repeated } from "../../src/rest/reads.ts";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

const rows = [
  { id: 1, tags: ["a", "b"], at: { city: "Oslo" } },
  { id: 2, tags: [], at: { city: "Bergen" } },
];

async function cacheable(body: unknown = rows, options: Partial<UpstreamOptions> = {}) {
  let calls = 0;
  const upstream = await serve((_request, response) => {
    calls++;
    response.setHeader("cache-control", "max-age=60").end(JSON.stringify(body));
  }, options);
  return { upstream, calls: () => calls };
}

/** Counts its validations. */
function counted<Output>(schema: StandardSchemaV1<unknown, Output>) {
  const counts = { validations: 0 };
  const counting: StandardSchemaV1<unknown, Output> = {
    "~standard": {
      ...schema["~standard"],
      validate: (value) => {
        counts.validations++;
        return schema["~standard"].validate(value);
      },
    },
  };
  return { schema: counting, counts };
}

const read = async <Output>(
  upstream: Upstream,
  body: StandardSchemaV1<unknown, Output>,
  path: `/${string}` = "/rows",
) => (await upstream.get(createScope(), { call: "rows", keys: 1, path, body })).body;

const bodies = z.array(z.object({ id: z.number(), tags: z.array(z.string()), at: z.object({ city: z.string() }) }));

describe("a hit neither parses nor validates", () => {
  test("a body is validated once, however often it is read", async () => {
    const { upstream, calls } = await cacheable();
    const { schema, counts } = counted(bodies);
    const all = [await read(upstream, schema), await read(upstream, schema), await read(upstream, schema)];
    expect(all).toEqual([rows, rows, rows]);
    expect(all[2]).toBe(all[0]);
    expect([calls(), counts.validations]).toEqual([1, 1]);
  });

  test("once per schema", async () => {
    const { upstream, calls } = await cacheable();
    const whole = counted(bodies);
    const ids = counted(z.array(z.object({ id: z.number() })).transform((all) => all.map(({ id }) => id)));
    for (const _ of Array(3)) {
      expect(await read(upstream, whole.schema)).toEqual(rows);
      expect(await read(upstream, ids.schema)).toEqual([1, 2]);
    }
    expect([calls(), whole.counts.validations, ids.counts.validations]).toEqual([1, 1, 1]);
  });

  test("once also after a 304", async () => {
    let calls = 0;
    const upstream = await serve((request, response) => {
      calls++;
      response.setHeader("etag", '"v1"');
      if (request.headers["if-none-match"]) response.writeHead(304).end();
      else response.end(JSON.stringify(rows));
    });
    const { schema, counts } = counted(bodies);
    for (const _ of Array(3)) expect(await read(upstream, schema)).toEqual(rows);
    expect([calls, counts.validations]).toEqual([3, 1]);
  });

  test("by key as well", async () => {
    const { upstream, calls } = await cacheable();
    const { schema, counts } = counted(bodies);
    const load = (id: number) =>
      createRestReads(upstream, createScope())
        .oneByKey({ call: "rows", path: "/rows", body: schema, keys: repeated("id"), keyOf: (row) => row.id })
        .load(id);
    expect(await load(1)).toEqual(rows[0]);
    expect(await load(1)).toEqual(rows[0]);
    expect([calls(), counts.validations]).toEqual([1, 1]);
  });

  test("of schemas that are created per read, the results of a few are cached", async () => {
    const { upstream, calls } = await cacheable();
    await read(upstream, bodies);
    for (const _ of Array(200)) await read(upstream, z.array(z.object({ id: z.number() })));
    expect(calls()).toBe(1);
    expect(upstream.cacheStats().bytes).toBeLessThan(10_000);
  });
});

describe("a reader cannot change a stored body for another one", () => {
  test("no reader can change it at any depth, also not the first one", async () => {
    const { upstream } = await cacheable();
    for (const _ of Array(2)) {
      const body = await read(upstream, bodies);
      expect(() => body.push({ id: 3, tags: [], at: { city: "x" } })).toThrow(TypeError);
      expect(() => body.reverse()).toThrow(TypeError);
      expect(() => Object.assign(body[0] ?? {}, { id: 9 })).toThrow(TypeError);
      expect(() => body[0]?.tags.push("c")).toThrow(TypeError);
      expect(() => Object.assign(body[1]?.at ?? {}, { city: "x" })).toThrow(TypeError);
    }
    expect(await read(upstream, bodies)).toEqual(rows);
  });

  test("also if the schema freezes only its root, or returns the raw body", async () => {
    const { upstream } = await cacheable();
    const shallow = z.object({ tags: z.array(z.string()) }).readonly();
    const body = await read(upstream, z.array(shallow).readonly());
    expect(() => body[0]?.tags.push("c")).toThrow(TypeError);
    const raw = (await read(upstream, z.any())) as typeof rows;
    expect(() => raw[0]?.tags.push("c")).toThrow(TypeError);
  });

  test.each<[string, StandardSchemaV1<unknown, unknown[]>]>([
    ["a Date", z.array(z.object({ id: z.number().transform((id) => new Date(id)) }))],
    [
      "a Map",
      v.pipe(
        v.array(v.object({ id: v.number() })),
        v.transform((all) => [new Map(all.map(({ id }) => [id, id]))]),
      ),
    ],
    ["a Set", z.array(z.object({ tags: z.array(z.string()).transform((tags) => new Set(tags)) }))],
    ["bytes", z.array(z.object({ id: z.number().transform((id) => Uint8Array.of(id)) }))],
    ["an object of a class", z.array(z.object({ id: z.number().transform((id) => new URL(`http://a/${id}`)) }))],
    ["a function", z.array(z.object({ id: z.number().transform((id) => () => id) }))],
  ])("%s, which cannot be frozen, is created per reader", async (_name, schema) => {
    const { upstream, calls } = await cacheable();
    const { schema: counting, counts } = counted(schema);
    const first = await read(upstream, counting);
    const second = await read(upstream, counting);
    expect(second).not.toBe(first);
    expect(second[0]).not.toBe(first[0]);
    expect([calls(), counts.validations]).toEqual([1, 2]);
  });

  test("a body that is nested deeper than the call stack allows is frozen too", async () => {
    const { upstream } = await cacheable();
    const deep = await serve((_request, response) =>
      response.setHeader("cache-control", "max-age=60").end(`${"[".repeat(5000)}${"]".repeat(5000)}`),
    );
    expect(Object.isFrozen(await read(deep, z.any()))).toBe(true);
    expect(await read(upstream, bodies)).toEqual(rows);
  });
});

describe("the results of schemas count", () => {
  test("toward the size of the cache, and are evicted with their response", async () => {
    const large = Array.from({ length: 200 }, (_, id) => ({ id }));
    const { upstream, calls } = await cacheable(large, { cacheBytes: 60_000 });
    const list = z.array(z.object({ id: z.number() }));
    await read(upstream, list, "/a");
    const { bytes } = upstream.cacheStats();
    expect(bytes).toBeGreaterThan(2 * JSON.stringify(large).length);
    for (const path of ["/b", "/c", "/d", "/e", "/f"] as const) await read(upstream, list, path);
    expect(upstream.cacheStats().bytes).toBeLessThanOrEqual(60_000);
    expect(upstream.cacheStats().entries).toBeLessThan(6);
    await read(upstream, list, "/a");
    expect(calls()).toBe(7);
  });

  test.each<[string, unknown, number]>([
    ["a text with one character beyond Latin-1 has two bytes a character", `${"a".repeat(10_000)}😀`, 30_000],
    ["a fraction is an object of its own", Array.from({ length: 1000 }, (_, index) => index + 0.5), 24_000],
    ["an empty object is one", Array.from({ length: 1000 }, () => ({})), 56_000],
    [
      "an object with many properties is a dictionary",
      Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`name${index}`, index])),
      40_000,
    ],
  ])("at least as much as they take in memory: %s", async (_what, body, leastBytes) => {
    const { upstream } = await cacheable(body);
    await read(upstream, z.any());
    expect(upstream.cacheStats().bytes).toBeGreaterThan(leastBytes);
  });

  test("but a body whose result does not fit is stored without it", async () => {
    const large = Array.from({ length: 500 }, (_, id) => ({ id }));
    const { upstream, calls } = await cacheable(large, { cacheBytes: 10_000 });
    const { schema, counts } = counted(z.array(z.object({ id: z.number() })));
    for (const _ of Array(3)) expect(await read(upstream, schema)).toEqual(large);
    expect([calls(), counts.validations]).toEqual([1, 3]);
  });
});
