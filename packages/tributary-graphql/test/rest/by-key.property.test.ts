import fc from "fast-check";
import { createScope, listen, open } from "tributary-testing/rest-service.ts";
import { expect, test } from "vitest";
import { z } from "zod";
import { commaList, createRestReads, type KeyEncoding, postBody, repeated } from "../../src/rest/reads.ts";

/**
 * Compares the reader with a model: rows in memory, filtered by key. The service between them does what services do: it
 * reorders rows, omits some, repeats some, and adds rows with other keys.
 */
const row = z.object({ owner: z.union([z.string(), z.number()]), serial: z.number() });
type Row = z.infer<typeof row>;

const aKey = fc.oneof(
  fc.integer({ min: 0, max: 30 }),
  fc.integer({ min: 0, max: 30 }).map(String),
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
  fc.constantFrom("constructor", "__proto__", "a b", "a+b", "%2c", "é", "😀", "&id=1", "#", "..", "\u0000"),
);

const scenario = fc.record({
  keys: fc.array(aKey, { maxLength: 40 }),
  rows: fc.array(fc.record({ owner: aKey, serial: fc.nat() }), { maxLength: 60 }),
  /** Rows that the service adds to every response. */
  unrequested: fc.array(fc.record({ owner: aKey, serial: fc.nat() }), { maxLength: 5 }),
  maxKeys: fc.integer({ min: 1, max: 12 }),
  maxUrlLength: fc.integer({ min: 60, max: 300 }),
  encoding: fc.constantFrom("repeated", "commaList", "postBody"),
  isShuffled: fc.boolean(),
});

const encodings: Record<string, KeyEncoding> = {
  repeated: repeated("id"),
  commaList: commaList("ids"),
  postBody: postBody((ids) => ({ ids })),
};

/** The text that the service gets: lone surrogates are replaced. */
const sent = (key: string | number): string => String(key).toWellFormed();

test("a reader gives the rows that a filter gives, for any keys, limits and service", async () => {
  const seen: { url: string; ids: string[] }[] = [];
  let rows: readonly Row[] = [];
  let unrequested: readonly Row[] = [];
  let isShuffled = false;
  const baseUrl = await listen(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const url = request.url ?? "";
    const raw = url.split("?")[1] ?? "";
    const decoded = (text: string) => decodeURIComponent(text);
    const ids: string[] = body
      ? JSON.parse(body).ids.map(sent)
      : raw.startsWith("ids=")
        ? raw.slice(4).split(",").map(decoded)
        : raw.split("&").map((pair) => decoded(pair.slice(3)));
    seen.push({ url, ids });
    const found = rows.filter(({ owner }) => ids.includes(sent(owner)));
    // A row with a key of another call must be dropped.
    const added = unrequested.filter(({ owner }) => !ids.includes(sent(owner)));
    const all = [...added, ...found];
    response.end(JSON.stringify(isShuffled ? all.toSorted((a, b) => a.serial - b.serial) : all));
  });

  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      seen.length = 0;
      ({ rows, unrequested, isShuffled } = given);
      const encoding = encodings[given.encoding] ?? repeated("id");
      const upstream = open({ baseUrl, maxUrlLength: given.maxUrlLength, cacheBytes: 0 });
      const reads = createRestReads(upstream, createScope());
      const read = {
        call: "rows",
        path: "/rows",
        keys: encoding,
        body: z.array(row),
        keyOf: ({ owner }: Row) => owner,
        maxKeys: given.maxKeys,
      } as const;
      const many = reads.manyByKey(read);
      const one = reads.oneByKey({ ...read, call: "row" });
      const room = given.maxUrlLength - baseUrl.length - "/rows".length;
      const isRefused = (key: string | number) =>
        String(key).trim() === "" ||
        (given.encoding === "commaList" && String(key).includes(",")) ||
        (given.encoding !== "postBody" && encoding.fixedLength + encoding.lengthOf(key) > room);
      const loaded = await Promise.allSettled(given.keys.map((key) => many.load(key)));
      const firsts = await Promise.allSettled(given.keys.map((key) => one.load(key)));

      for (const [index, key] of given.keys.entries()) {
        if (isRefused(key)) {
          expect([loaded[index]?.status, firsts[index]?.status]).toEqual(["rejected", "rejected"]);
          continue;
        }
        const expected = rows.filter(({ owner }) => String(owner) === String(key));
        const inOrder = isShuffled ? expected.toSorted((a, b) => a.serial - b.serial) : expected;
        expect(loaded[index]).toEqual({ status: "fulfilled", value: inOrder });
        expect(firsts[index]).toEqual({ status: "fulfilled", value: inOrder[0] ?? null });
      }
      const distinct = new Set(given.keys.filter((key) => !isRefused(key)).map(String));
      for (const { url, ids } of seen) {
        expect(ids.length).toBeGreaterThan(0);
        expect(ids.length).toBeLessThanOrEqual(given.maxKeys);
        if (given.encoding !== "postBody") expect(baseUrl.length + url.length).toBeLessThanOrEqual(given.maxUrlLength);
      }
      // Each reader sends each distinct key once, in as few calls as possible.
      expect(seen.flatMap(({ ids }) => ids).sort()).toEqual([...distinct, ...distinct].map(sent).sort());
      await upstream.close();
    }),
    { numRuns: 150, seed: 20261122 },
  );
});
