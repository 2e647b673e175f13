import { createServer } from "node:http";
import { commaList, path, postBody, type RestKey } from "tributary-graphql/rest";
import { serving } from "tributary-testing/serving.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { BatchDeclaration } from "../../../src/commands/openapi/probe/declaration.ts";
import { madeUpKeys } from "../../../src/commands/openapi/probe/made-up-keys.ts";
import { type ProbeRequest, probeBatch } from "../../../src/commands/openapi/probe/probe-batch.ts";

const pet = z.object({ id: z.int() });
const pets = {
  call: "petsByIds",
  path: "/pets",
  keys: commaList("ids"),
  body: z.array(pet),
  keyOf: (row: z.infer<typeof pet>) => row.id,
  maxKeys: 50,
} as const;

/** What an answer to these keys is, a status alone for an error. Pets have ids from 1 to 99. */
type Service = (ids: number[], url: URL) => unknown;

const isPet = (id: number): boolean => id >= 1 && id <= 99;
const rows = (ids: readonly number[]) => [...new Set(ids)].filter(isPet).map((id) => ({ id }));

/** Probes a service that answers like this; every URL that it was asked is in the result. */
async function probe(service: Service, declaration: object = {}, request: Partial<ProbeRequest> = {}) {
  const urls: string[] = [];
  await using server = await serving(
    createServer(async (message, response) => {
      const url = new URL(message.url ?? "", "http://pets.test");
      urls.push(`${message.method} ${url.pathname}${url.search}`);
      const chunks = await Array.fromAsync(message);
      const ids =
        message.method === "POST"
          ? JSON.parse(Buffer.concat(chunks).toString())
          : url.searchParams.get("ids")?.split(",");
      const answer = service((ids ?? []).map(Number), url);
      response.writeHead(typeof answer === "number" ? answer : 200, {
        "content-type": "application/json",
        etag: '"1"',
      });
      response.end(typeof answer === "number" ? "" : JSON.stringify(answer));
    }),
  );
  const declared = { ...pets, ...declaration } as unknown as BatchDeclaration;
  const result = await probeBatch(declared, { baseUrl: server.url, keys: [3, 1, 2], ...request });
  const of = (about: string) => result.findings.find((finding) => finding.about === about);
  return { ...result, urls, of };
}

describe("a service that does what is assumed", () => {
  test("is found to, by few calls, each of them one of the readers'", async () => {
    const { findings, calls, urls, maxKeys } = await probe(rows);
    expect(findings.map(({ about, verdict }) => `${about}: ${verdict}`)).toEqual([
      "key field: holds",
      "rows per key: seen",
      "unasked rows: holds",
      "order: seen",
      "duplicates: seen",
      "missing keys: holds",
      "maximum: holds",
      "single read: not tested",
      "caching: seen",
    ]);
    expect(urls).toHaveLength(calls);
    expect(calls).toBeLessThan(10);
    expect(urls.slice(0, 2)).toEqual(["GET /pets?ids=3,1,2", "GET /pets?ids=2,1,3"]);
    expect(maxKeys).toBe(50);
  });

  test("is asked one call after the other", async () => {
    let running = 0;
    await probe((ids) => {
      expect(++running).toBe(1);
      queueMicrotask(() => running--);
      return rows(ids);
    });
  });

  test("is asked by POST where it is declared so", async () => {
    const { of, urls } = await probe(rows, { keys: postBody((keys) => keys, { path: "/pets/lookup" }) });
    expect(of("maximum")).toMatchObject({ verdict: "holds" });
    expect(new Set(urls)).toEqual(new Set(["POST /pets/lookup"]));
  });
});

describe("what is good to know is told:", () => {
  test.each<[string, Service, string, RegExp]>([
    ["that the order is that of the keys", rows, "order", /it is that of the keys/],
    [
      "that the order is the service's own",
      (ids) => rows(ids).sort((one, other) => one.id - other.id),
      "order",
      /the service's own/,
    ],
    ["that rows come twice", (ids) => ids.filter(isPet).map((id) => ({ id })), "duplicates", /gives its rows twice/],
    [
      "that a key twice is refused",
      (ids) => (new Set(ids).size < ids.length ? 400 : rows(ids)),
      "duplicates",
      /status 400/,
    ],
    [
      "that a key has several rows",
      (ids) => rows(ids).flatMap((row) => [row, row]),
      "rows per key",
      /up to 2: manyByKey/,
    ],
    [
      "that unasked rows come",
      (ids) => rows(ids.every(isPet) ? [...ids, 7] : ids),
      "unasked rows",
      /1 keys came that nobody asked for, "7"/,
    ],
    ["which validators it sends", rows, "caching", /no cache-control, with etag/],
  ])("%s", async (_what, service, about, words) => {
    const { of, findings } = await probe(service);
    expect(of(about)).toMatchObject({ verdict: "seen", words: expect.stringMatching(words) });
    expect(findings.filter(({ verdict }) => verdict === "broken")).toEqual([]);
  });
});

describe("an assumption that is false is found out:", () => {
  const padded: Service = (ids) => ids.map((id) => (isPet(id) ? { id } : null));

  test.each<[string, Service, string, RegExp]>([
    ["the path", () => 404, "key field", /3 keys were answered with status 404/],
    [
      "the key field",
      (ids) => rows(ids.map((id) => id + 10)),
      "key field",
      /3 of 3 keys have no row, 3, 1, 2 among them; rows came with "13"/,
    ],
    [
      "the body",
      (ids) => ids.map((id) => ({ id: String(id) })),
      "key field",
      /not the body that was declared: .*expected number.* at 0\.id/,
    ],
    ["the list", (ids) => ({ pets: rows(ids) }), "key field", /no list of rows was found/],
    ["a missing key is null", padded, "missing keys", /null at its position.*let the rows be nullable/],
    [
      "a missing key fails the whole call",
      (ids) => (ids.every(isPet) ? rows(ids) : 404),
      "missing keys",
      /the whole call gets status 404, the known key 3 too/,
    ],
    [
      "missing keys alone fail",
      (ids) => (ids.some(isPet) ? rows(ids) : 404),
      "missing keys",
      /alone it gets status 404/,
    ],
    [
      "the keys are not looked at",
      () => rows([1, 2, 3, 4]),
      "missing keys",
      /it gives 4 rows: it seems not to look at the keys/,
    ],
    [
      "the maximum, by a refusal",
      (ids) => (ids.length > 20 ? 400 : rows(ids)),
      "maximum",
      /20 keys are answered in full, 21 are not: status 400; set maxKeys: 20/,
    ],
    [
      "the maximum, by silence",
      (ids) => rows(ids.slice(0, 33)),
      "maximum",
      /33 keys are answered in full, 34 are not: \d known keys are silently missing; set maxKeys: 33/,
    ],
  ])("%s", async (_what, service, about, words) => {
    const { of, calls } = await probe(service);
    expect(of(about)).toMatchObject({ verdict: "broken", words: expect.stringMatching(words) });
    expect(calls).toBeLessThan(20);
  });

  test("the read of one row", async () => {
    const single = { path: (key: RestKey) => path`/pets/${key}`, body: pet };
    const other = await probe((ids, url) => (url.search ? rows(ids) : 404), { single });
    expect(other.of("single read")).toMatchObject({ verdict: "broken", words: "3 gets status 404" });
    const more = await probe((ids, url) => (url.search ? rows(ids) : { id: 3, name: "Rex" }), { single });
    expect(more.of("single read")).toMatchObject({ verdict: "seen", words: "it differs from the batch in name" });
    const same = await probe((ids, url) => (url.search ? rows(ids) : { id: 3 }), { single });
    expect(same.of("single read")).toMatchObject({ verdict: "holds" });
  });
});

describe("the maximum", () => {
  test("can be tried beyond what is declared", async () => {
    const { of, maxKeys } = await probe(
      (ids) => (ids.length > 70 ? 413 : rows(ids)),
      {},
      { upTo: 200, maxUrlLength: 8000 },
    );
    expect(of("maximum")).toMatchObject({
      verdict: "holds",
      words: expect.stringMatching(/^70 keys .* 71 are not: status 413/),
    });
    expect(maxKeys).toBe(70);
  });

  test("is no more than fits into a URL of the readers", async () => {
    const { of, maxKeys } = await probe(rows, { maxKeys: 1000 }, { maxUrlLength: 200 });
    expect(of("maximum")).toMatchObject({
      verdict: "holds",
      words: expect.stringContaining("longer than 200 characters"),
    });
    expect(maxKeys).toBeLessThan(30);
  });

  test("of a URL is told apart from that of keys", async () => {
    const { of } = await probe((ids, url) => (url.search.length > 150 ? 414 : rows(ids)));
    expect(of("maximum")?.words).toMatch(/status 414, the URL of \d+ characters is too long/);
  });

  test("is tried with known keys alone where unknown ones do harm", async () => {
    const strict: Service = (ids) => (ids.every(isPet) ? rows(ids) : 400);
    const few = await probe(strict);
    expect(few.of("maximum")).toMatchObject({
      verdict: "not tested",
      words: expect.stringContaining("give as many real --keys"),
    });
    const all = await probe(strict, {}, { keys: Array.from({ length: 60 }, (_, index) => index + 1) });
    expect(all.of("maximum")).toMatchObject({ verdict: "holds", words: "50 keys in one call are answered in full" });
  });
});

test("no more calls are made than allowed", async () => {
  const { calls } = await probe(rows);
  expect(await probe(rows, {}, { maxCalls: calls })).toMatchObject({ calls });
  const stopped = probe(rows, {}, { maxCalls: calls - 1 });
  await expect(stopped).rejects.toThrow(`The probe stops after ${calls - 1} calls: see --max-calls.`);
});

test("a service that asks for patience is not asked again", async () => {
  let calls = 0;
  const probing = probe((ids) => (++calls > 2 ? 429 : rows(ids)));
  await expect(probing).rejects.toThrow("asks for patience (status 429): try again later.");
  expect(calls).toBe(3);
});

test("a service that cannot be reached is told in one line", async () => {
  const server = await serving(createServer());
  await server[Symbol.asyncDispose]();
  const asked = probeBatch(pets as unknown as BatchDeclaration, { baseUrl: server.url, keys: [1] });
  await expect(asked).rejects.toThrow(`${server.url} cannot be asked: ECONNREFUSED`);
});

test("made-up keys are distinct, look like the real one, and are none of those", () => {
  expect(madeUpKeys("DE", 3, ["ZY"])).toEqual(["ZZ", "ZX", "ZW"]);
  expect(new Set(madeUpKeys("a", 1000, [])).size).toBe(1000);
  expect(madeUpKeys(5, 2, [2_000_000_000])).toEqual([2_000_000_001, 2_000_000_002]);
  expect(madeUpKeys("17", 1, [])).toEqual(["2000000000"]);
  expect(madeUpKeys("123e4567-e89b-42d3-a456-426614174000", 1, [])[0]).toMatch(/^[0-9a-f-]{36}$/);
});
