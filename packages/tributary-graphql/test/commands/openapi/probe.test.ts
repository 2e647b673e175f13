import { createServer } from "node:http";
import { commaList, path, postBody, type RestKey } from "tributary-graphql/rest";
import { serving } from "tributary-testing/serving.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { BatchDeclaration } from "../../../src/commands/openapi/probe/declaration.ts";
import { generateKeys } from "../../../src/commands/openapi/probe/generated-keys.ts";
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

/** The body of the response to these keys, or the status of an error. Pets have ids from 1 to 99. */
type Service = (ids: number[], url: URL) => unknown;

const isPet = (id: number): boolean => id >= 1 && id <= 99;
const rows = (ids: readonly number[]) => [...new Set(ids)].filter(isPet).map((id) => ({ id }));

/** Probes a service with these responses. The result has the URLs of all requests. */
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

describe("a service that behaves as assumed", () => {
  test("passes, with few calls, which are those of the readers", async () => {
    const { findings, calls, urls, maxKeys } = await probe(rows);
    expect(findings.map(({ about, verdict }) => `${about}: ${verdict}`)).toEqual([
      "key field: holds",
      "rows per key: seen",
      "other rows: holds",
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

  test("gets one call at a time", async () => {
    let running = 0;
    await probe((ids) => {
      expect(++running).toBe(1);
      queueMicrotask(() => running--);
      return rows(ids);
    });
  });

  test("gets POSTs if they are declared", async () => {
    const { of, urls } = await probe(rows, { keys: postBody((keys) => keys, { path: "/pets/lookup" }) });
    expect(of("maximum")).toMatchObject({ verdict: "holds" });
    expect(new Set(urls)).toEqual(new Set(["POST /pets/lookup"]));
  });
});

describe("facts are reported:", () => {
  test.each<[string, Service, string, RegExp]>([
    ["rows in the order of the keys", rows, "order", /^that of the requested keys/],
    [
      "rows in another order",
      (ids) => rows(ids).sort((one, other) => one.id - other.id),
      "order",
      /^not that of the requested keys/,
    ],
    ["repeated rows", (ids) => ids.filter(isPet).map((id) => ({ id })), "duplicates", /returns its rows twice/],
    [
      "a repeated key that is refused",
      (ids) => (new Set(ids).size < ids.length ? 400 : rows(ids)),
      "duplicates",
      /status 400/,
    ],
    ["several rows per key", (ids) => rows(ids).flatMap((row) => [row, row]), "rows per key", /^up to 2: manyByKey/],
    [
      "rows of other keys",
      (ids) => rows(ids.every(isPet) ? [...ids, 7] : ids),
      "other rows",
      /rows of 1 other keys, such as "7"/,
    ],
    ["cache validators", rows, "caching", /no cache-control, with etag/],
  ])("%s", async (_what, service, about, message) => {
    const { of, findings } = await probe(service);
    expect(of(about)).toMatchObject({ verdict: "seen", message: expect.stringMatching(message) });
    expect(findings.filter(({ verdict }) => verdict === "broken")).toEqual([]);
  });
});

describe("a false assumption is detected:", () => {
  const padded: Service = (ids) => ids.map((id) => (isPet(id) ? { id } : null));

  test.each<[string, Service, string, RegExp]>([
    ["the path", () => 404, "key field", /the call with 3 keys has status 404/],
    [
      "the key field",
      (ids) => rows(ids.map((id) => id + 10)),
      "key field",
      /3 of 3 keys have no row, such as 3, 1, 2; there are rows of other keys, such as "13"/,
    ],
    [
      "the body",
      (ids) => ids.map((id) => ({ id: String(id) })),
      "key field",
      /does not match the declared body: .*expected number.* at 0\.id/,
    ],
    ["the list", (ids) => ({ pets: rows(ids) }), "key field", /the body is not an array: set `items`/],
    ["a missing key is null", padded, "missing keys", /null at its position.*make the rows nullable/],
    [
      "a missing key fails the whole call",
      (ids) => (ids.every(isPet) ? rows(ids) : 404),
      "missing keys",
      /the whole call fails with status 404, also for the existing key 3/,
    ],
    [
      "missing keys alone fail",
      (ids) => (ids.some(isPet) ? rows(ids) : 404),
      "missing keys",
      /the response to it alone has status 404/,
    ],
    [
      "the keys are ignored",
      () => rows([1, 2, 3, 4]),
      "missing keys",
      /returns 4 rows: the service seems to ignore the keys/,
    ],
    [
      "the maximum, by a refusal",
      (ids) => (ids.length > 20 ? 400 : rows(ids)),
      "maximum",
      /a call with 20 keys succeeds, one with 21 does not: status 400; set maxKeys: 20/,
    ],
    [
      "the maximum, by silence",
      (ids) => rows(ids.slice(0, 33)),
      "maximum",
      /a call with 33 keys succeeds, one with 34 does not: \d existing keys have no row; set maxKeys: 33/,
    ],
  ])("%s", async (_what, service, about, message) => {
    const { of, calls } = await probe(service);
    expect(of(about)).toMatchObject({ verdict: "broken", message: expect.stringMatching(message) });
    expect(calls).toBeLessThan(20);
  });

  test("the read of one row", async () => {
    const single = { path: (key: RestKey) => path`/pets/${key}`, body: pet };
    const other = await probe((ids, url) => (url.search ? rows(ids) : 404), { single });
    expect(other.of("single read")).toMatchObject({ verdict: "broken", message: "the read of 3 has status 404" });
    const more = await probe((ids, url) => (url.search ? rows(ids) : { id: 3, name: "Rex" }), { single });
    expect(more.of("single read")).toMatchObject({ verdict: "seen", message: "it differs from the batch in name" });
    const same = await probe((ids, url) => (url.search ? rows(ids) : { id: 3 }), { single });
    expect(same.of("single read")).toMatchObject({ verdict: "holds" });
  });
});

describe("the maximum", () => {
  test("can be tested beyond the declared one", async () => {
    const { of, maxKeys } = await probe(
      (ids) => (ids.length > 70 ? 413 : rows(ids)),
      {},
      { upTo: 200, maxUrlLength: 8000 },
    );
    expect(of("maximum")).toMatchObject({
      verdict: "holds",
      message: expect.stringMatching(/^a call with 70 keys .* 71 does not: status 413/),
    });
    expect(maxKeys).toBe(70);
  });

  test("is limited by the length of a URL of the readers", async () => {
    const { of, maxKeys } = await probe(rows, { maxKeys: 1000 }, { maxUrlLength: 200 });
    expect(of("maximum")).toMatchObject({
      verdict: "holds",
      message: expect.stringContaining("longer than 200 characters"),
    });
    expect(maxKeys).toBeLessThan(30);
  });

  test("of the length of a URL is distinguished from that of keys", async () => {
    const { of } = await probe((ids, url) => (url.search.length > 150 ? 414 : rows(ids)));
    expect(of("maximum")?.message).toMatch(/status 414, the URL of \d+ characters is too long/);
  });

  test("is tested with existing keys only, if unknown ones make a call fail", async () => {
    const strict: Service = (ids) => (ids.every(isPet) ? rows(ids) : 400);
    const few = await probe(strict);
    expect(few.of("maximum")).toMatchObject({
      verdict: "not tested",
      message: expect.stringContaining("pass as many existing --keys"),
    });
    const all = await probe(strict, {}, { keys: Array.from({ length: 60 }, (_, index) => index + 1) });
    expect(all.of("maximum")).toMatchObject({ verdict: "holds", message: "a call with 50 keys succeeds" });
  });
});

test("the probe makes no more calls than allowed", async () => {
  const { calls } = await probe(rows);
  expect(await probe(rows, {}, { maxCalls: calls })).toMatchObject({ calls });
  const stopped = probe(rows, {}, { maxCalls: calls - 1 });
  await expect(stopped).rejects.toThrow(`The probe needs more than ${calls - 1} calls: set a larger --max-calls.`);
});

test("the probe stops at a rate limit", async () => {
  let calls = 0;
  const probing = probe((ids) => (++calls > 2 ? 429 : rows(ids)));
  await expect(probing).rejects.toThrow("has reached a rate limit (status 429): try again later.");
  expect(calls).toBe(3);
});

test("a service that cannot be reached is reported with one line", async () => {
  const server = await serving(createServer());
  await server[Symbol.asyncDispose]();
  const asked = probeBatch(pets as unknown as BatchDeclaration, { baseUrl: server.url, keys: [1] });
  await expect(asked).rejects.toThrow(`The call to ${server.url} failed: ECONNREFUSED`);
});

test("generated keys are distinct, have the format of the first, and are not known", () => {
  expect(generateKeys("DE", 3, ["ZY"])).toEqual(["ZZ", "ZX", "ZW"]);
  expect(new Set(generateKeys("a", 1000, [])).size).toBe(1000);
  expect(generateKeys(5, 2, [2_000_000_000])).toEqual([2_000_000_001, 2_000_000_002]);
  expect(generateKeys("17", 1, [])).toEqual(["2000000000"]);
  expect(generateKeys("123e4567-e89b-42d3-a456-426614174000", 1, [])[0]).toMatch(/^[0-9a-f-]{36}$/);
});
