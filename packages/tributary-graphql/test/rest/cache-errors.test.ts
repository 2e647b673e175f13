import type { RequestListener } from "node:http";
import { createScope, leaving, marksOf, serve, type TestScope } from "tributary-testing/rest-service.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

// The cache goes by the time of day: it stands still, and moves when a test says so.
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

/** A service whose answers follow one another; the last one stays. */
async function answering(
  answers: readonly { status?: number; headers?: Record<string, string>; body?: string }[],
  options: Partial<UpstreamOptions> = {},
) {
  let calls = 0;
  const listener: RequestListener = (_request, response) => {
    const { status = 200, headers = {}, body = "[1]" } = answers[Math.min(calls++, answers.length - 1)] ?? {};
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
  test.each(errorStatuses)(
    "%i is asked for again, unless it is a 404 or 410 that says for how long",
    async (status) => {
      const headers = headersNow();
      const { upstream, calls } = await answering([{ status, headers, body: "" }, {}], { heuristicFreshness: true });
      const isKept = (status === 404 || status === 410) && isExplicit.has(name);
      expect(await outcome(read(upstream))).toBe(status);
      expect(await outcome(read(upstream))).toEqual(isKept ? status : [1]);
      expect(calls()).toBe(isKept ? 1 : 2);
    },
  );
});

/** What the stored answer says, and whether it may stand in a minute after it is stale. */
const stored: readonly [cacheControl: string, staleIfErrorSeconds: number, mayStandIn: boolean][] = [
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

describe.each(stored)("a stored answer with %j, by default %i s", (cacheControl, staleIfErrorSeconds, mayStandIn) => {
  test.each(errorStatuses.filter((status) => status !== 304))(
    "a %i is passed on, unless a stale copy may stand in for it",
    async (status) => {
      const { upstream, calls } = await answering(
        [{ headers: { "cache-control": cacheControl, etag: '"v1"' } }, { status, body: "" }],
        { staleIfErrorSeconds },
      );
      await read(upstream);
      wait(120);
      const scope = createScope();
      const standsIn = mayStandIn && standInStatuses.has(status);
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
      "a body that breaks off",
      (_request, response) =>
        void response.writeHead(200, { "content-length": 9 }).write("[1,", () => response.destroy()),
      1,
    ],
    [
      "a chunked body that breaks off",
      (_request, response) => void response.writeHead(200).write("[1,", () => response.destroy()),
      1,
    ],
    ["a body that hangs", (_request, response) => void response.writeHead(200).write("[1,"), 1],
    ["no answer in time", () => {}, 1],
    // A connection that was used before is closed: that is tried once more.
    ["a connection that is cut", (_request, response) => void response.destroy(), 2],
    ["a body that is not JSON", (_request, response) => void response.end("<html>maintenance</html>"), 1],
    ["an empty body", (_request, response) => void response.end(), 1],
    ["a body that is not as declared", (_request, response) => void response.end('{"error":"down"}'), 1],
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

  test.each(failures)("%s: a stale copy stands in where it may", async (_name, fail, callsMade) => {
    let calls = 0;
    const upstream = await serve(
      (request, response) => {
        if (calls++ > 0) fail(request, response);
        else response.writeHead(200, { "cache-control": cacheControl, date: new Date().toUTCString() }).end("[1]");
      },
      { staleIfErrorSeconds, timeoutMs: 250, maxBodyBytes: 1000, maxConcurrency: 1 },
    );
    // More than once on a machine so busy that even a good answer takes too long.
    await vi.waitFor(() => {
      calls = 0;
      return read(upstream);
    }, 5000);
    wait(120);
    const scope = createScope();
    expect(await outcome(read(upstream, scope))).toEqual(mayStandIn ? [1] : expect.anything());
    expect(marksOf(scope)).toEqual([
      mayStandIn ? { keys: 1, rows: 1, stale: true } : { keys: 1, rows: 0, failed: true },
    ]);
    expect(calls).toBe(1 + callsMade);
    const told = scope.lines.filter(({ msg }) => msg === "a service failed: a stale response was served");
    expect(told).toHaveLength(mayStandIn ? 1 : 0);
    // The stale copy stays for the next one.
    expect(await outcome(read(upstream))).toEqual(mayStandIn ? [1] : expect.anything());
  });

  test("at the deadline a stale copy stands in where it may", async () => {
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
    if (mayStandIn) expect((await reading).body).toEqual([1]);
    else await expect(reading).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(calls).toBe(2);
  });
});

test("for a 429 a stale copy stands in where the service is declared so", async () => {
  const answers = [{ headers: { "cache-control": "max-age=60, stale-if-error=600" } }, { status: 429, body: "" }];
  const { upstream, calls } = await answering(answers, { staleIfRateLimited: true });
  await read(upstream);
  wait(120);
  expect(await outcome(read(upstream))).toEqual([1]);
  expect(calls()).toBe(2);
});

test("a client that has left gets nothing in the place of its answer", async () => {
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

test("the operator is told of the failure behind a stale answer: source, call, path, status; once per request", async () => {
  const answers = [{ headers: { "cache-control": "max-age=0, stale-if-error=600" } }, { status: 503, body: "" }];
  const { upstream } = await answering(answers);
  await read(upstream);
  const scope = createScope();
  await read(upstream, scope);
  await read(upstream, scope);
  expect(scope.lines).toMatchObject([
    { source: "cities", call: "numbers", path: "/numbers", status: 503, err: { code: "UPSTREAM_UNAVAILABLE" } },
  ]);
});

test("a 404 takes the place of what there was: it does not come back when the service fails", async () => {
  const answers = [
    { headers: { "cache-control": "max-age=1, stale-if-error=600" } },
    { status: 404, body: "" },
    { status: 503, body: "" },
  ];
  const { upstream } = await answering(answers);
  await read(upstream);
  wait(2);
  expect(await outcome(read(upstream))).toBe(404);
  expect(await outcome(read(upstream))).toBe(503);
});

/** In the form of headers. */
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toUTCString();

describe("freshness is what an answer says, and not what one might conclude", () => {
  const lastModified = { "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT" };

  test.each([200, 404])("a %i with nothing but an old Last-Modified is asked for each time", async (status) => {
    const { upstream, calls } = await answering([{ status, headers: lastModified }]);
    for (const _ of Array(3)) await outcome(read(upstream));
    expect(calls()).toBe(3);
  });

  test("unless the service is declared so: then it is fresh for a tenth of its age; a 404 never is", async () => {
    const fresh = await answering([{ headers: lastModified }], { heuristicFreshness: true });
    const gone = await answering([{ status: 404, headers: lastModified }], { heuristicFreshness: true });
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
    const { upstream, calls } = await answering([{ headers: { "cache-control": cacheControl } }]);
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
    const { upstream, calls } = await answering([{ headers }]);
    await read(upstream);
    await read(upstream);
    expect(calls()).toBe(1);
  });

  test.each<[string, Record<string, string>]>([
    ["that expires in an hour, beside Pragma: no-cache", { expires: ago(-3600), pragma: "no-cache" }],
    ["that the service made an hour ago", { "cache-control": "max-age=60", date: ago(3600) }],
    ["whose Age is over", { "cache-control": "max-age=60", date: ago(0), age: "61" }],
  ])("an answer %s is not fresh", async (_what, headers) => {
    const { upstream, calls } = await answering([{ headers }]);
    await read(upstream);
    await read(upstream);
    expect(calls()).toBe(2);
  });

  test("a service whose clock is a little slow, or fast by any time, is no reason to call it old", async () => {
    for (const date of [ago(3), ago(-3600)]) {
      const { upstream, calls } = await answering([{ headers: { "cache-control": "max-age=60", date } }]);
      await read(upstream);
      await read(upstream);
      expect(calls()).toBe(1);
    }
  });

  test("a 304 without a Date is one of now: it makes fresh what was made long ago", async () => {
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

  test.each(["0", "soon", "Thu, 01 Jan 2015 00:00:00 GMT"])("Expires: %s is over", async (expires) => {
    const { upstream, calls } = await answering([{ headers: { expires } }]);
    await read(upstream);
    await read(upstream);
    expect(calls()).toBe(2);
  });
});
