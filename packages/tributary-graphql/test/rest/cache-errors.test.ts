import type { RequestListener } from "node:http";
import { createScope, leaving, marksOf, serve, type TestScope } from "tributary-testing/rest-service.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

// The cache uses `Date.now()`, which the tests control.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());
const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

const read = (upstream: Upstream, scope: TestScope = createScope()) =>
  upstream.get(scope, { call: "numbers", keys: 1, path: "/numbers", body: z.array(z.number()) });

const outcome = (reading: Promise<{ body: unknown }>) =>
  reading.then(
    ({ body }) => body,
    (error: { failedCall?: { status?: number }; code: string }) => error.failedCall?.status ?? error.code,
  );

/** A service that sends these responses in order, and repeats the last one. */
async function serviceWith(
  responses: readonly { status?: number; headers?: Record<string, string>; body?: string }[],
  options: Partial<UpstreamOptions> = {},
) {
  let calls = 0;
  const listener: RequestListener = (_request, response) => {
    const { status = 200, headers = {}, body = "[1]" } = responses[Math.min(calls++, responses.length - 1)] ?? {};
    response.writeHead(status, { date: new Date().toUTCString(), ...headers }).end(body);
  };
  return { upstream: await serve(listener, options), calls: () => calls };
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();

const errorStatuses = [
  300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 410, 414, 418, 425, 429, 451, 500, 501, 502,
  503, 504, 505, 520, 599,
];
const freshness: readonly [string, () => Record<string, string>][] = [
  ["max-age", () => ({ "cache-control": "max-age=60" })],
  ["public, max-age", () => ({ "cache-control": "public, max-age=60" })],
  ["s-maxage", () => ({ "cache-control": "s-maxage=60" })],
  ["immutable", () => ({ "cache-control": "max-age=60, immutable" })],
  ["Expires", () => ({ expires: inAnHour() })],
  ["public alone", () => ({ "cache-control": "public" })],
  ["an old Last-Modified", () => ({ "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT" })],
  ["an ETag", () => ({ etag: '"v1"' })],
  ["nothing", () => ({})],
  ["no-store", () => ({ "cache-control": "no-store, max-age=60" })],
];
const isExplicit = new Set(["max-age", "public, max-age", "s-maxage", "immutable", "Expires"]);

describe.each(freshness)("an error status with %s", (name, headersNow) => {
  test.each(errorStatuses)("%i is not cached, unless it is a 404 or 410 with a lifetime", async (status) => {
    const headers = headersNow();
    const { upstream, calls } = await serviceWith([{ status, headers, body: "" }, {}], { heuristicFreshness: true });
    const isKept = (status === 404 || status === 410) && isExplicit.has(name);
    expect(await outcome(read(upstream))).toBe(status);
    expect(await outcome(read(upstream))).toEqual(isKept ? status : [1]);
    expect(calls()).toBe(isKept ? 1 : 2);
  });
});

/** The headers of the stored response, and whether it may be served a minute after its expiry if the service fails. */
const stored: readonly [cacheControl: string, staleIfErrorSeconds: number, mayBeServed: boolean][] = [
  ["max-age=60, stale-if-error=600", 0, true],
  ["Max-Age=60, Stale-If-Error=600", 0, true],
  ["max-age=60", 600, true],
  ["max-age=60, stale-if-error=0", 600, false],
  ["max-age=60, stale-if-error=soon", 600, false],
  ["max-age=60, stale-if-error=30", 0, false],
  ["max-age=60", 0, false],
  ["max-age=60, must-revalidate, stale-if-error=600", 600, false],
  ["max-age=60, MUST-REVALIDATE, stale-if-error=600", 600, false],
  ["max-age=60, proxy-revalidate, stale-if-error=600", 600, false],
  ["no-cache, stale-if-error=600", 600, false],
  ['no-cache="x-a", stale-if-error=600', 600, false],
  ["s-maxage=60, stale-if-error=600", 600, false],
];
const standInStatuses = new Set([500, 502, 503, 504]);

describe.each(stored)(
  "a stored response with %j and staleIfErrorSeconds %i",
  (cacheControl, staleIfErrorSeconds, mayBeServed) => {
    test.each(errorStatuses.filter((status) => status !== 304))(
      "a %i is an error, unless the stale response may be served",
      async (status) => {
        const { upstream, calls } = await serviceWith(
          [{ headers: { "cache-control": cacheControl, etag: '"v1"' } }, { status, body: "" }],
          { staleIfErrorSeconds },
        );
        await read(upstream);
        wait(120);
        const scope = createScope();
        const standsIn = mayBeServed && standInStatuses.has(status);
        expect(await outcome(read(upstream, scope))).toEqual(standsIn ? [1] : status);
        expect(calls()).toBe(2);
        expect(marksOf(scope)).toEqual([
          standsIn ? { keys: 1, rows: 1, stale: true } : { keys: 1, rows: 0, failed: true },
        ]);
        expect(upstream.cacheStats().stale).toBe(standsIn ? 1 : 0);
      },
    );

    const failures: readonly [string, RequestListener, calls: number][] = [
      [
        "a body that is incomplete",
        (_request, response) =>
          void response.writeHead(200, { "content-length": 9 }).write("[1,", () => response.destroy()),
        1,
      ],
      [
        "a chunked body that is incomplete",
        (_request, response) => void response.writeHead(200).write("[1,", () => response.destroy()),
        1,
      ],
      ["a body that hangs", (_request, response) => void response.writeHead(200).write("[1,"), 1],
      ["no response in time", () => {}, 1],
      // A call on a reused connection that is closed is retried once.
      ["a connection that is cut", (_request, response) => void response.destroy(), 2],
      ["a body that is not JSON", (_request, response) => void response.end("<html>maintenance</html>"), 1],
      ["an empty body", (_request, response) => void response.end(), 1],
      ["an invalid body", (_request, response) => void response.end('{"error":"down"}'), 1],
      [
        "a body that is not UTF-8",
        (_request, response) => void response.end(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])),
        1,
      ],
      ["a body above the limit", (_request, response) => void response.end(`[${"1,".repeat(5000)}1]`), 1],
      [
        "a body in an unknown encoding",
        (_request, response) => void response.writeHead(200, { "content-encoding": "lzma" }).end("[1]"),
        1,
      ],
      [
        "headers above the limit",
        (_request, response) => void response.writeHead(200, { "x-large": "x".repeat(20_000) }).end("[1]"),
        1,
      ],
    ];

    test.each(failures)("%s: the stale response is served if allowed", async (_name, fail, callsMade) => {
      let calls = 0;
      const upstream = await serve(
        (request, response) => {
          if (calls++ > 0) fail(request, response);
          else response.writeHead(200, { "cache-control": cacheControl, date: new Date().toUTCString() }).end("[1]");
        },
        { staleIfErrorSeconds, timeoutMs: 250, maxBodyBytes: 1000, maxConcurrency: 1 },
      );
      // More than once on a machine so busy that even a good response takes too long.
      await vi.waitFor(() => {
        calls = 0;
        return read(upstream);
      }, 5000);
      wait(120);
      const scope = createScope();
      expect(await outcome(read(upstream, scope))).toEqual(mayBeServed ? [1] : expect.anything());
      expect(marksOf(scope)).toEqual([
        mayBeServed ? { keys: 1, rows: 1, stale: true } : { keys: 1, rows: 0, failed: true },
      ]);
      expect(calls).toBe(1 + callsMade);
      const told = scope.lines.filter(({ msg }) => msg === "a service failed: a stale response was served");
      expect(told).toHaveLength(mayBeServed ? 1 : 0);
      // The stale response stays in the cache.
      expect(await outcome(read(upstream))).toEqual(mayBeServed ? [1] : expect.anything());
    });

    test("at the deadline the stale response is served if allowed", async () => {
      let calls = 0;
      const arrived = Promise.withResolvers<void>();
      const upstream = await serve(
        (_request, response) => {
          if (calls++ > 0) arrived.resolve();
          else response.writeHead(200, { "cache-control": cacheControl, date: new Date().toUTCString() }).end("[1]");
        },
        { staleIfErrorSeconds },
      );
      await read(upstream);
      wait(120);
      const { scope, deadlinePasses } = leaving();
      const reading = read(upstream, scope);
      await arrived.promise;
      deadlinePasses();
      if (mayBeServed) expect((await reading).body).toEqual([1]);
      else await expect(reading).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
      expect(calls).toBe(2);
    });
  },
);

test("for a 429 the stale response is served with `staleIfRateLimited`", async () => {
  const responses = [{ headers: { "cache-control": "max-age=60, stale-if-error=600" } }, { status: 429, body: "" }];
  const { upstream, calls } = await serviceWith(responses, { staleIfRateLimited: true });
  await read(upstream);
  wait(120);
  expect(await outcome(read(upstream))).toEqual([1]);
  expect(calls()).toBe(2);
});

test("a client that has left gets no stale response", async () => {
  let calls = 0;
  const arrived = Promise.withResolvers<void>();
  const upstream = await serve((_request, response) => {
    if (calls++ > 0) arrived.resolve();
    else response.writeHead(200, { "cache-control": "max-age=0, stale-if-error=600" }).end("[1]");
  });
  await read(upstream);
  const { scope, clientLeaves } = leaving();
  const reading = read(upstream, scope);
  await arrived.promise;
  clientLeaves();
  await expect(reading).rejects.toBe(scope.signal.reason);
});

test("the failure behind a stale response is logged once per request, with source, call, path and status", async () => {
  const responses = [{ headers: { "cache-control": "max-age=0, stale-if-error=600" } }, { status: 503, body: "" }];
  const { upstream } = await serviceWith(responses);
  await read(upstream);
  const scope = createScope();
  await read(upstream, scope);
  await read(upstream, scope);
  expect(scope.lines).toMatchObject([
    { source: "cities", call: "numbers", path: "/numbers", status: 503, err: { code: "UPSTREAM_UNAVAILABLE" } },
  ]);
});

test("a 404 replaces the stored response, which is not served when the service fails", async () => {
  const responses = [
    { headers: { "cache-control": "max-age=1, stale-if-error=600" } },
    { status: 404, body: "" },
    { status: 503, body: "" },
  ];
  const { upstream } = await serviceWith(responses);
  await read(upstream);
  wait(2);
  expect(await outcome(read(upstream))).toBe(404);
  expect(await outcome(read(upstream))).toBe(503);
});

/** As an HTTP date. */
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toUTCString();

describe("freshness is explicit", () => {
  const lastModified = { "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT" };

  test.each([200, 404])(
    "a %i that has only an old Last-Modified is read from the service each time",
    async (status) => {
      const { upstream, calls } = await serviceWith([{ status, headers: lastModified }]);
      for (const _ of Array(3)) await outcome(read(upstream));
      expect(calls()).toBe(3);
    },
  );

  test("with `heuristicFreshness` it is fresh for a tenth of its age; a 404 never is", async () => {
    const fresh = await serviceWith([{ headers: lastModified }], { heuristicFreshness: true });
    const gone = await serviceWith([{ status: 404, headers: lastModified }], { heuristicFreshness: true });
    for (const _ of Array(3)) await Promise.all([read(fresh.upstream), outcome(read(gone.upstream))]);
    expect([fresh.calls(), gone.calls()]).toEqual([1, 3]);
  });

  test.each([
    "immutable",
    "public",
    "max-age",
    "max-age=abc",
    "max-age=-5",
    "max-age=60, max-age=0",
    "max-age=60s",
    "s-maxage=0, max-age=60",
    "NO-STORE, max-age=60",
    "Private, max-age=60",
    'private="x-a, x-b", max-age=60',
    "No-Cache, max-age=60",
    'x="a, max-age=60"',
  ])("%s is not fresh", async (cacheControl) => {
    const { upstream, calls } = await serviceWith([{ headers: { "cache-control": cacheControl } }]);
    await read(upstream);
    await read(upstream);
    expect(calls()).toBe(2);
  });

  test.each<Record<string, string>>([
    { "cache-control": 'max-age="60"' },
    { "cache-control": "MAX-AGE=60" },
    { "cache-control": ",, max-age=60 ,," },
    { "cache-control": "max-age=60", expires: "0", pragma: "no-cache" },
    { "cache-control": "s-maxage=60, max-age=0" },
  ])("%j is fresh", async (headers) => {
    const { upstream, calls } = await serviceWith([{ headers }]);
    await read(upstream);
    await read(upstream);
    expect(calls()).toBe(1);
  });

  test.each<[string, Record<string, string>]>([
    ["that expires in an hour, beside Pragma: no-cache", { expires: ago(-3600), pragma: "no-cache" }],
    ["that the service made an hour ago", { "cache-control": "max-age=60", date: ago(3600) }],
    ["whose Age is over", { "cache-control": "max-age=60", date: ago(0), age: "61" }],
  ])("a response %s is not fresh", async (_what, headers) => {
    const { upstream, calls } = await serviceWith([{ headers }]);
    await read(upstream);
    await read(upstream);
    expect(calls()).toBe(2);
  });

  test("a response is fresh although the clock of its service is a little slow, or fast by any time", async () => {
    for (const date of [ago(3), ago(-3600)]) {
      const { upstream, calls } = await serviceWith([{ headers: { "cache-control": "max-age=60", date } }]);
      await read(upstream);
      await read(upstream);
      expect(calls()).toBe(1);
    }
  });

  test("a 304 without a Date is of now: it freshens a response of long ago", async () => {
    let calls = 0;
    const upstream = await serve((request, response) => {
      calls++;
      response.setHeader("cache-control", "max-age=60").setHeader("etag", '"v1"');
      response.sendDate = false;
      if (request.headers["if-none-match"]) response.writeHead(304).end();
      else response.setHeader("date", ago(3600)).end("[1]");
    });
    for (const _ of Array(4)) await read(upstream);
    expect(calls).toBe(2);
  });

  test.each(["0", "soon", "Thu, 01 Jan 2015 00:00:00 GMT"])("Expires: %s is in the past", async (expires) => {
    const { upstream, calls } = await serviceWith([{ headers: { expires } }]);
    await read(upstream);
    await read(upstream);
    expect(calls()).toBe(2);
  });
});
