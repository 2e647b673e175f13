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

/** Refuses at the first thing that is wrong, and says where. */
const eager: StandardSchemaV1<unknown, Row[]> = ownSchema((body) => {
  if (!Array.isArray(body)) return { message: "no list" };
  const index = body.findIndex((row) => typeof row?.id !== "string" || typeof row?.size !== "number");
  return index === -1 ? undefined : { message: "no row", path: [index] };
});

/** Says that something is wrong, and not where. */
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

/** A service whose body is this, whatever is asked for. */
async function answering(body: unknown, scope: TestScope = createScope()) {
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

describe.each(schemas)("a row that is not as declared, by %s", (_name, body) => {
  const rows = [clean("a"), { id: "b", size: null }, clean("c"), { id: "d" }, clean("e")];
  const declared = { call: "rows", path: "/rows", body, keyOf: ({ id }: Row) => id } as const;

  test.each([
    ["by parameter", repeated("id")],
    ["by body", postBody((ids) => ({ ids }))],
  ])("fails its own key and no other (%s)", async (_how, keys) => {
    const { reads, scope, calls } = await answering(rows);
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

  test("fails its own key among several rows a key", async () => {
    const { reads } = await answering([clean("a", 1), clean("b", 2), { id: "b", size: "3" }, clean("a", 4)]);
    const many = reads.manyByKey({ ...declared, keys: repeated("id") });
    expect(await outcomes(["a", "b", "c"].map((id) => many.load(id)))).toEqual([
      [clean("a", 1), clean("a", 4)],
      invalid,
      [],
    ]);
  });

  test("stands as an error at its place in a page, and the other pages come", async () => {
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

  test("fails all where the whole body is to be checked", async () => {
    const { reads } = await answering(rows);
    const one = reads.oneByKey({ ...declared, keys: repeated("id"), wholeBody: true });
    expect(await outcomes(["a", "b"].map((id) => one.load(id)))).toEqual([invalid, invalid]);
    const list = reads.paged({ ...declared, next: linkHeader(), wholeBody: true });
    await expect(list.load()).rejects.toMatchObject({ code: invalid });
    await expect(reads.get({ call: "rows", keys: 1, path: "/rows", body })).rejects.toMatchObject({ code: invalid });
  });

  test("fails as the only row, and takes nothing else along", async () => {
    const { reads } = await answering([{ id: "b" }]);
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

  test("for one row fails its key and no other", async () => {
    const instant = z.string().transform((text) => new Date(text).toISOString());
    const body = z.array(z.object({ id: z.string(), at: instant }));
    const { reads, scope } = await answering([
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
  ])("%s makes it an invalid answer", async (_why, sent) => {
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
    const { reads } = await answering(rows, scope);
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

  test("more dirty rows among many thousand than can be told apart fail all, with the first fault", async () => {
    const { failed, loads } = await read(10_000, (index) => index % 2 === 1);
    expect(failed).toHaveLength(10_000);
    expect(loads[0]).toMatchObject({
      reason: { code: invalid, message: expect.stringContaining("sent an invalid response to /rows: no") },
    });
  });
});

describe("an envelope", () => {
  test("that is as declared keeps a row's fault to the row", async () => {
    const { reads } = await answering({ total: 2, data: { rows: [clean("a"), { id: "b" }] } });
    const one = reads.oneByKey(enveloped);
    expect(await outcomes(["a", "b"].map((id) => one.load(id)))).toEqual([clean("a"), invalid]);
  });

  test.each([
    ["is not as declared", { total: "2", data: { rows: [clean("a"), clean("b")] } }],
    ["is not as declared, nor is a row", { total: "2", data: { rows: [clean("a"), { id: "b" }] } }],
    ["has no rows", { total: 2, data: {} }],
    ["has something else for its rows", { total: 2, data: { rows: { a: clean("a") } } }],
    ["is an error", { error: "down" }],
    ["is a list", [clean("a")]],
    ["is nothing", null],
  ])("that %s fails all keys", async (_name, body) => {
    const { reads } = await answering(body);
    const one = reads.oneByKey(enveloped);
    expect(await outcomes(["a", "b"].map((id) => one.load(id)))).toEqual([invalid, invalid]);
  });

  test("whose rows are taken out of something else keeps the fault to the row, too", async () => {
    const edges = z.object({ edges: z.array(z.object({ node: row })) });
    const { reads } = await answering({ edges: [{ node: clean("a") }, { node: { id: "b" } }, { node: clean("c") }] });
    const one = reads.oneByKey({ ...enveloped, body: edges, items: (body) => body.edges.map(({ node }) => node) });
    expect(await outcomes(["a", "b", "c"].map((id) => one.load(id)))).toEqual([clean("a"), invalid, clean("c")]);
  });

  test("whose list is refused as such fails all", async () => {
    const { reads } = await answering([clean("a"), clean("b"), clean("c")]);
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
    "%j may be that of a key without a row: to say that there is none would be a guess",
    async (broken) => {
      const { reads } = await answering([clean("a"), broken]);
      const [one, many] = [reads.oneByKey(declared), reads.manyByKey(declared)];
      expect(await outcomes([one.load("a"), one.load("b")])).toEqual([clean("a"), invalid]);
      expect(await outcomes([many.load("a"), many.load("b")])).toEqual([[clean("a")], invalid]);
    },
  );

  test("of another key than was asked for is nobody's", async () => {
    const { reads } = await answering([clean("a"), { id: "z" }]);
    const one = reads.oneByKey(declared);
    expect(await outcomes([one.load("a"), one.load("b")])).toEqual([clean("a"), null]);
  });

  test("when the schema changes keys, a key that was not asked for may still be the one", async () => {
    const upper = z.array(z.object({ id: z.string().toUpperCase(), size: z.number() }));
    const { reads } = await answering([clean("a"), { id: "b" }]);
    const one = reads.oneByKey({ ...declared, body: upper });
    expect(await outcomes([one.load("A"), one.load("B")])).toEqual([clean("A"), invalid]);
  });
});

describe("pages go on behind a row that is not as declared", () => {
  const list = z.array(row);

  test("by number, where a page without it would look short", async () => {
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
  ])("by a cursor that is made of rows, where it is %s", async (_name, pages) => {
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

test("an answer with such a row is not kept, and does not take the place of one that is", async () => {
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

test("whatever is wrong with some rows, each of the others comes, and none is made up", async () => {
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
