import * as v from "valibot";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  linkHeader,
  nextCursor,
  type Pages,
  pageNumber,
  path,
  type RestReads,
  repeated,
} from "../../src/rest/reads.ts";

interface Country {
  code: string;
  area: number | null;
}

const country = z.object({ code: z.string(), area: z.number().nullable() });
const envelope = z.object({ next: z.string().nullable(), total: z.number(), rows: z.array(country) });
const byCode = { call: "countries", path: "/countries", keys: repeated("code") } as const;

/** Never called: that it compiles, and that its marked lines do not, is the test. */
function readers(reads: RestReads) {
  const one = reads.oneByKey({ ...byCode, body: z.array(country), keyOf: (row) => row.code });
  expectTypeOf(one.load).returns.resolves.toEqualTypeOf<Country | null>();
  const many = reads.manyByKey({ ...byCode, body: v.array(v.object({ code: v.string() })), keyOf: (row) => row.code });
  expectTypeOf(many.load).returns.resolves.toEqualTypeOf<readonly { code: string }[]>();
  const enveloped = reads.oneByKey({ ...byCode, body: envelope, items: ({ rows }) => rows, keyOf: (row) => row.code });
  expectTypeOf(enveloped.load).returns.resolves.toEqualTypeOf<Country | null>();
  // @ts-expect-error a key is a text or a number
  one.load(true);
  // @ts-expect-error rows have no such field
  reads.oneByKey({ ...byCode, body: z.array(country), keyOf: (row) => row.cca2 });
  // @ts-expect-error a row is not found by a field that is neither text nor number
  reads.oneByKey({ ...byCode, body: z.array(z.object({ is: z.boolean() })), keyOf: (row) => row.is });
  // @ts-expect-error an envelope has no rows of its own
  reads.oneByKey({ ...byCode, body: envelope, keyOf: (row) => row.code });

  const single = reads.single({ call: "sun", path: (at: { id: number }) => path`/sun/${at.id}`, body: country });
  expectTypeOf(single.load).parameter(0).toEqualTypeOf<{ id: number }>();
  expectTypeOf(single.load).returns.resolves.toEqualTypeOf<Country>();
  const nullable = reads.single({
    call: "sun",
    path: (id: string) => path`/sun/${id}`,
    body: country,
    notFound: "null",
  });
  expectTypeOf(nullable.load).returns.resolves.toEqualTypeOf<Country | null>();
  // @ts-expect-error a path begins with a slash
  reads.single({ call: "sun", path: "sun", body: country });

  const all = reads.paged({ call: "all", path: "/all", body: z.array(country), next: linkHeader() });
  expectTypeOf(all.load()).resolves.toEqualTypeOf<Pages<Country>>();
  const counted = reads.paged({
    call: "all",
    path: (region: string) => path`/all/${region}`,
    body: envelope,
    items: (body) => body.rows,
    next: pageNumber({ parameter: "page", size: 10, totalOf: (body) => body.total }),
  });
  expectTypeOf(counted.load).parameter(0).toEqualTypeOf<string>();
  const byCursor = reads.paged({
    call: "all",
    path: "/all",
    body: envelope,
    items: (body) => body.rows,
    next: nextCursor({ parameter: "after", cursorOf: (body) => body.next }),
  });
  expectTypeOf(byCursor.load()).resolves.toEqualTypeOf<Pages<Country>>();
}

test("the type of a reader follows from its schema", () => {
  expect(readers).toBeTypeOf("function");
});
