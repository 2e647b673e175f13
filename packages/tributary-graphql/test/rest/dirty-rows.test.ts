import type { StandardSchemaV1 } from "@standard-schema/spec";
import fc from "fast-check";
import { createScope, marksOf, serve, type TestScope } from "tributary-testing/rest-service.ts";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createRestReads, linkHeader, nextCursor, pageNumber, postBody, repeated } from "../../src/rest/reads.ts";

interface Row {
  readonly id: string;
  readonly size: number;
}

/** Fails at the first issue, with its path. */
const eager: StandardSchemaV1<unknown, Row[]> = ownSchema((body) => {
  if (!Array.isArray(body)) return { message: "not an array" };
  const index = body.findIndex((row) => typeof row?.id !== "string" || typeof row?.size !== "number");
  return index === -1 ? undefined : { message: "no row", path: [index] };
});

/** Fails with an issue that has no path. */
const mute: StandardSchemaV1<unknown, Row[]> = ownSchema((body) =>
  Array.isArray(body) && body.every((row) => typeof row?.id === "string" && typeof row?.size === "number")
    ? undefined
    : { message: "no" },
);

function ownSchema(issueOf: (body: unknown) => StandardSchemaV1.Issue | undefined): StandardSchemaV1<unknown, Row[]> {
  return {
    "~standard": {
      version: 1,
      vendor: "own",
      validate: (value) => {
        const issue = issueOf(value);
        return issue ? { issues: [issue] } : { value: value as Row[] };
      },
    },
  };
}

const row = z.object({ id: z.string(), size: z.number() });
const schemas: readonly [string, StandardSchemaV1<unknown, Row[]>][] = [
  ["zod", z.array(row)],
  ["valibot", v.array(v.object({ id: v.string(), size: v.number() }))],
  ["an async one", z.array(row.refine(async () => true))],
  ["one that stops at the first", eager],
  ["one that does not say where", mute],
];

/** A service that sends this body to every request. */
async function serviceWith(body: unknown, scope: TestScope = createScope()) {
  let calls = 0;
  const upstream = await serve((_request, response) => {
    calls++;
    response.setHeader("cache-control", "max-age=60").end(JSON.stringify(body));
  });
  return { reads: createRestReads(upstream, scope), upstream, scope, calls: () => calls };
}

const outcomes = async (loads: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(loads)).map((one) => (one.status === "fulfilled" ? one.value : one.reason.code));

const invalid = "UPSTREAM_INVALID_RESPONSE";
const clean = (id: string, size = 1) => ({ id, size });

describe.each(schemas)("an invalid row, by %s", (_name, body) => {
  const rows = [clean("a"), { id: "b", size: null }, clean("c"), { id: "d" }, clean("e")];
  const declared = { call: "rows", path: "/rows", body, keyOf: ({ id }: Row) => id } as const;

  test.each([
    ["by parameter", repeated("id")],
    ["by body", postBody((ids) => ({ ids }))],
  ])("fails its own key only (%s)", async (_how, keys) => {
    const { reads, scope, calls } = await serviceWith(rows);
    const one = reads.oneByKey({ ...declared, keys });
    const loads = ["a", "b", "c", "d", "e", "f"].map((id) => one.load(id));
    expect(await outcomes(loads)).toEqual([clean("a"), invalid, clean("c"), invalid, clean("e"), null]);
    await expect(loads[1]).rejects.toMatchObject({
      source: "cities",
      message: expect.stringMatching(/^The service cities sent an invalid response to \/rows: .* at \[1\]/),
      failedCall: { call: "rows", path: "/rows", status: 200 },
    });
    expect(calls()).toBe(1);
    expect(marksOf(scope)).toEqual([{ keys: 6, rows: 3 }]);
    expect(scope.lines).toMatchObject([
      { source: "cities", call: "rows", rows: { count: 2 }, msg: "a response has invalid rows" },
    ]);
  });

  test("fails its own key if keys have several rows", async () => {
    const { reads } = await serviceWith([clean("a", 1), clean("b", 2), { id: "b", size: "3" }, clean("a", 4)]);
    const many = reads.manyByKey({ ...declared, keys: repeated("id") });
    expect(await outcomes(["a", "b", "c"].map((id) => many.load(id)))).toEqual([
      [clean("a", 1), clean("a", 4)],
      invalid,
      [],
    ]);
  });

  test("is an error at its position in a page, and the other pages are read", async () => {
    let page = 0;
    const upstream = await serve((_request, response) => {
      page++;
      response.end(JSON.stringify(page === 1 ? rows : [clean("f")]));
    });
    const list = createRestReads(upstream, createScope()).paged({
      ...declared,
      next: pageNumber({ parameter: "page", size: 5 }),
    });
    const { items, isComplete } = await list.load();
    expect(items.map((item) => (item instanceof Error ? item.message.split(": ")[0] : item))).toEqual([
      clean("a"),
      "The service cities sent an invalid response to /rows",
      clean("c"),
      "The service cities sent an invalid response to /rows",
      clean("e"),
      clean("f"),
    ]);
    expect([page, isComplete]).toEqual([2, true]);
  });

  test("fails all keys with `wholeBody`", async () => {
    const { reads } = await serviceWith(rows);
    const one = reads.oneByKey({ ...declared, keys: repeated("id"), wholeBody: true });
    expect(await outcomes(["a", "b"].map((id) => one.load(id)))).toEqual([invalid, invalid]);
    const list = reads.paged({ ...declared, next: linkHeader(), wholeBody: true });
    await expect(list.load()).rejects.toMatchObject({ code: invalid });
    await expect(reads.get({ call: "rows", keys: 1, path: "/rows", body })).rejects.toMatchObject({ code: invalid });
  });

  test("fails its key as the only row", async () => {
    const { reads } = await serviceWith([{ id: "b" }]);
    const one = reads.oneByKey({ ...declared, keys: repeated("id") });
    expect(await outcomes([one.load("b")])).toEqual([invalid]);
  });
});

const envelope = z.object({ total: z.number(), next: z.string().nullish(), data: z.object({ rows: z.array(row) }) });
const enveloped = {
  call: "rows",
  path: "/rows",
  body: envelope,
  items: (body: z.infer<typeof envelope>) => body.data.rows,
  keyOf: ({ id }: Row) => id,
  keys: repeated("id"),
} as const;

describe("a schema that throws", () => {
  const keys = repeated("id");

  test("for one row fails its key only", async () => {
    const instant = z.string().transform((text) => new Date(text).toISOString());
    const body = z.array(z.object({ id: z.string(), at: instant }));
    const { reads, scope } = await serviceWith([
      { id: "a", at: "2026-01-02" },
      { id: "b", at: "0000-00-00" },
      { id: "c", at: "2026-01-03" },
    ]);
    const one = reads.oneByKey({ call: "rows", path: "/rows", body, keys, keyOf: ({ id }) => id });
    const loads = ["a", "b", "c"].map((id) => one.load(id));
    expect(await outcomes(loads)).toMatchObject([{ id: "a" }, invalid, { id: "c" }]);
    await expect(loads[1]).rejects.toMatchObject({
      message: "The service cities sent an invalid response to /rows: its schema threw a RangeError at [1].",
    });
    expect(scope.lines).toHaveLength(1);
  });

  test.each([
    ["for the whole body", '{"size":"a"}'],
    ["because a body is nested deeper than it can follow", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
  ])("%s makes the response invalid", async (_why, sent) => {
    const nested: z.ZodType = z.lazy(() => z.array(nested));
    const body = z.union([z.object({ size: z.string().transform((text) => BigInt(text)) }), nested]);
    const upstream = await serve((_request, response) => response.end(sent));
    const read = upstream.get(createScope(), { call: "rows", keys: 1, path: "/rows", body });
    await expect(read).rejects.toMatchObject({
      code: invalid,
      message: expect.stringMatching(/: its schema threw a (?:Syntax|Range)Error at the root\.$/),
    });
  });
});

describe.each([
  ["stops at the first", eager],
  ["does not say where", mute],
])("by a schema that %s", (_what, body) => {
  const read = async (count: number, isDirty: (index: number) => boolean) => {
    const rows = Array.from({ length: count }, (_, index) => ({
      ...clean(String(index)),
      ...(isDirty(index) && { size: null }),
    }));
    const scope = createScope();
    const { reads } = await serviceWith(rows, scope);
    const one = reads.oneByKey({
      call: "rows",
      path: "/rows",
      body,
      keyOf: ({ id }: Row) => id,
      keys: postBody((ids) => ({ ids })),
      maxKeys: count,
    });
    const loads = await Promise.allSettled(rows.map(({ id }) => one.load(id)));
    return { scope, failed: loads.flatMap(({ status }, index) => (status === "rejected" ? [index] : [])), loads };
  };

  test.each([
    ["all of a thousand", 1000, () => true],
    ["some among ten thousand", 10_000, (index: number) => index % 97 === 5],
  ] as const)("each dirty row fails its own key alone: %s", async (_which, count, isDirty) => {
    const { failed } = await read(count, isDirty);
    expect(failed).toEqual(Array.from({ length: count }, (_, index) => index).filter(isDirty));
  });

  test("more invalid rows among many thousands than a bisection finds fail all keys, with the first issue", async () => {
    const { failed, loads } = await read(10_000, (index) => index % 2 === 1);
    expect(failed).toHaveLength(10_000);
    expect(loads[0]).toMatchObject({
      reason: { code: invalid, message: expect.stringContaining("sent an invalid response to /rows: no") },
    });
  });
});

describe("an envelope", () => {
  test("that is valid limits an issue to its row", async () => {
    const { reads } = await serviceWith({ total: 2, data: { rows: [clean("a"), { id: "b" }] } });
    const one = reads.oneByKey(enveloped);
    expect(await outcomes(["a", "b"].map((id) => one.load(id)))).toEqual([clean("a"), invalid]);
  });

  test.each([
    ["is invalid", { total: "2", data: { rows: [clean("a"), clean("b")] } }],
    ["is invalid, as is a row", { total: "2", data: { rows: [clean("a"), { id: "b" }] } }],
    ["has no rows", { total: 2, data: {} }],
    ["has something else for its rows", { total: 2, data: { rows: { a: clean("a") } } }],
    ["is an error", { error: "down" }],
    ["is a list", [clean("a")]],
    ["is nothing", null],
  ])("that %s fails all keys", async (_name, body) => {
    const { reads } = await serviceWith(body);
    const one = reads.oneByKey(enveloped);
    expect(await outcomes(["a", "b"].map((id) => one.load(id)))).toEqual([invalid, invalid]);
  });

  test("whose rows are mapped from other objects limits an issue to its row too", async () => {
    const edges = z.object({ edges: z.array(z.object({ node: row })) });
    const { reads } = await serviceWith({ edges: [{ node: clean("a") }, { node: { id: "b" } }, { node: clean("c") }] });
    const one = reads.oneByKey({ ...enveloped, body: edges, items: (body) => body.edges.map(({ node }) => node) });
    expect(await outcomes(["a", "b", "c"].map((id) => one.load(id)))).toEqual([clean("a"), invalid, clean("c")]);
  });

  test("whose list as a whole is invalid fails all keys", async () => {
    const { reads } = await serviceWith([clean("a"), clean("b"), clean("c")]);
    const one = reads.oneByKey({ ...enveloped, body: z.array(row).max(2), items: (body) => body });
    expect(await outcomes([one.load("a")])).toEqual([invalid]);
  });
});

describe("a row whose key cannot be read", () => {
  const declared = {
    call: "rows",
    path: "/rows",
    body: z.array(row),
    keyOf: ({ id }: Row) => id,
    keys: repeated("id"),
  } as const;

  test.each([[{ size: 1 }], [{ id: null, size: 1 }], [{ id: {}, size: 1 }], [null], ["b"], [[]]])(
    "%j fails each key without a row, because it may be the row of that key",
    async (broken) => {
      const { reads } = await serviceWith([clean("a"), broken]);
      const [one, many] = [reads.oneByKey(declared), reads.manyByKey(declared)];
      expect(await outcomes([one.load("a"), one.load("b")])).toEqual([clean("a"), invalid]);
      expect(await outcomes([many.load("a"), many.load("b")])).toEqual([[clean("a")], invalid]);
    },
  );

  test("with a key that was not requested is dropped", async () => {
    const { reads } = await serviceWith([clean("a"), { id: "z" }]);
    const one = reads.oneByKey(declared);
    expect(await outcomes([one.load("a"), one.load("b")])).toEqual([clean("a"), null]);
  });

  test("fails each key without a row if the schema changes keys", async () => {
    const upper = z.array(z.object({ id: z.string().toUpperCase(), size: z.number() }));
    const { reads } = await serviceWith([clean("a"), { id: "b" }]);
    const one = reads.oneByKey({ ...declared, body: upper });
    expect(await outcomes([one.load("A"), one.load("B")])).toEqual([clean("A"), invalid]);
  });
});

describe("pages continue after an invalid row", () => {
  const list = z.array(row);

  test("by number, where a page without the row would be short", async () => {
    const urls: (string | undefined)[] = [];
    const upstream = await serve(({ url }, response) => {
      urls.push(url);
      response.end(JSON.stringify(urls.length === 1 ? [clean("a"), { id: "b" }] : [clean("c")]));
    });
    const next = pageNumber({ parameter: "page", size: 2 });
    const { items } = await createRestReads(upstream, createScope())
      .paged({ call: "list", path: "/list", body: list, next })
      .load();
    expect(items).toHaveLength(3);
    expect(urls).toEqual(["/list?page=1", "/list?page=2"]);
  });

  test.each([
    ["the last of its page", [[clean("a"), { id: "b" }], [clean("c")], []]],
    ["the only one of its page", [[{ id: "b" }], [clean("c")], []]],
  ])("by a cursor from the last row, where the invalid row is %s", async (_name, pages) => {
    const urls: (string | undefined)[] = [];
    const upstream = await serve(({ url }, response) => void response.end(JSON.stringify(pages[urls.push(url) - 1])));
    const next = nextCursor({ parameter: "after", cursorOf: (body: Row[]) => body.at(-1)?.id });
    const { items } = await createRestReads(upstream, createScope())
      .paged({ call: "list", path: "/list", body: list, next })
      .load();
    expect(items).toHaveLength(pages.flat().length);
    expect(urls).toEqual(["/list", "/list?after=b", "/list?after=c"]);
  });
});

test("a response with an invalid row is not cached, and does not replace a cached one", async () => {
  let calls = 0;
  const upstream = await serve((_request, response) => {
    const size = ++calls === 2 ? null : calls;
    response.setHeader("cache-control", "max-age=60").end(JSON.stringify([{ id: "a", size }, clean("b")]));
  });
  const load = (revalidate: boolean) => {
    const body = z.array(row);
    return upstream.get(createScope(), {
      call: "rows",
      keys: 1,
      path: "/rows",
      body,
      revalidate,
      rowsOf: (all) => all,
    });
  };
  expect((await load(false)).body).toEqual([clean("a", 1), clean("b")]);
  expect((await load(true)).body).toEqual([clean("b")]);
  expect((await load(false)).body).toEqual([clean("a", 1), clean("b")]);
  expect(calls).toBe(2);
});

test("for any invalid rows, each valid row is read, and no others", async () => {
  const id = fc.constantFrom("a", "b", "c", "d", "e");
  const anyRow = fc.oneof(
    { weight: 3, arbitrary: fc.record({ id, size: fc.integer() }) },
    fc.record({ id, size: fc.constantFrom(null, "1", undefined) }),
    fc.record({ id: fc.constantFrom(null, 1, undefined), size: fc.integer() }),
    fc.jsonValue({ maxDepth: 1 }),
  );
  let body: unknown;
  const upstream = await serve((_request, response) => void response.end(JSON.stringify(body)));
  const isClean = (one: unknown): boolean => row.safeParse(one).success;
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { maxLength: 8 }), fc.constantFrom(...schemas), async (rows, [, schema]) => {
      body = rows;
      const came: unknown[] = JSON.parse(JSON.stringify(rows));
      const many = createRestReads(upstream, createScope()).manyByKey({
        call: "rows",
        path: "/rows",
        body: schema,
        keys: repeated("id"),
        keyOf: (one: Row) => one.id,
      });
      const keys = ["a", "b", "c", "d", "e"];
      const got = await outcomes(keys.map((key) => many.load(key)));
      for (const [index, key] of keys.entries()) {
        const own = came.filter((one) => (one as Row | null)?.id === key);
        const cleanOwn = own.filter(isClean).map((one) => row.parse(one));
        const isUnknown = own.length === 0 && came.some((one) => !isClean(one));
        if (own.some((one) => !isClean(one))) expect(got[index]).toBe(invalid);
        else if (!isUnknown) expect(got[index]).toMatchObject(cleanOwn);
      }
    }),
    { seed: 20261130, numRuns: 300 },
  );
});
