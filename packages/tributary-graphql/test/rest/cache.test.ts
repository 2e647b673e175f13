import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { baseUrlOf, createScope, marksOf, open, serve } from "tributary-testing/rest-service.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

// The cache uses `Date.now()`, which the tests control.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());
const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

/** A service that counts its requests. It sends no `Date`, which Node would take from the real clock. */
async function countedService(
  respond: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<UpstreamOptions> = {},
) {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    response.setHeader("date", new Date().toUTCString());
    respond(request, response, requests.length);
  };
  return { requests, upstream: await serve(listener, options) };
}

async function read(upstream: Upstream, headers: Record<string, string> = {}, path: `/${string}` = "/numbers") {
  const scope = createScope({ headers });
  const { body, headers: responseHeaders } = await upstream.get(scope, {
    call: "numbers",
    keys: 1,
    path,
    body: z.array(z.number()),
  });
  const [marks] = marksOf(scope);
  return { body, headers: responseHeaders, marks };
}

const marked = (marks: object = {}) => ({ keys: 1, rows: 1, ...marks });

describe("a response is cached as RFC 9111 says", () => {
  test("for its max-age", async () => {
    const { requests, upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60").end(`[${count}]`),
    );
    expect(await read(upstream)).toMatchObject({ body: [1], marks: marked() });
    wait(59);
    expect(await read(upstream)).toMatchObject({ body: [1], marks: marked({ cached: true }) });
    wait(2);
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked() });
    expect(requests).toHaveLength(2);
  });

  test("for less if other caches had it before (Age); the reader gets its age", async () => {
    const { upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60").setHeader("age", "50").end(`[${count}]`),
    );
    await read(upstream);
    wait(9);
    expect(await read(upstream)).toMatchObject({ body: [1], headers: { age: "59" } });
    wait(2);
    expect((await read(upstream)).body).toEqual([2]);
  });

  test.each(["no-store", "private, max-age=60", "max-age=60, private"])("not at all with %s", async (cacheControl) => {
    const { requests, upstream } = await countedService((_request, response) =>
      response.setHeader("cache-control", cacheControl).end("[1]"),
    );
    await read(upstream);
    expect((await read(upstream)).marks).toEqual(marked());
    expect(requests).toHaveLength(2);
    expect(upstream.cacheStats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  test("not at all without a lifetime and a validator, or with a cookie", async () => {
    const { requests, upstream } = await countedService((_request, response, count) => {
      if (count > 2) response.setHeader("cache-control", "max-age=60").setHeader("set-cookie", "a=b");
      response.end("[1]");
    });
    for (const _ of Array(4)) await read(upstream);
    expect(requests).toHaveLength(4);
  });

  test("per value of the forwarded headers that its Vary names", async () => {
    const { requests, upstream } = await countedService(
      (request, response) =>
        response
          .setHeader("cache-control", "max-age=60")
          .setHeader("vary", "Accept-Language")
          .end(request.headers["accept-language"] === "nb" ? "[47]" : "[1]"),
      { forwardHeaders: ["Accept-Language"] },
    );
    expect((await read(upstream, { "accept-language": "nb" })).body).toEqual([47]);
    expect((await read(upstream, { "accept-language": "en" })).body).toEqual([1]);
    expect(await read(upstream, { "accept-language": "nb" })).toMatchObject({ body: [47], marks: { cached: true } });
    expect(requests).toHaveLength(2);
  });

  test("not at all with `Vary: *`", async () => {
    const { requests, upstream } = await countedService((_request, response) =>
      response.setHeader("cache-control", "max-age=60").setHeader("vary", "*").end("[1]"),
    );
    await read(upstream);
    await read(upstream);
    expect(requests).toHaveLength(2);
  });

  test.each([
    ["max-age=60", 2],
    ["public, max-age=60", 1],
    ["s-maxage=60", 1],
    ["max-age=60, must-revalidate", 1],
  ])("for a request with Authorization only if section 3.5 allows it: %s makes %i calls", async (control, times) => {
    const { requests, upstream } = await countedService(
      (_request, response) => response.setHeader("cache-control", control).end("[1]"),
      { forwardHeaders: ["authorization"] },
    );
    await read(upstream, { authorization: "Bearer a" });
    await read(upstream, { authorization: "Bearer a" });
    expect(requests).toHaveLength(times);
  });

  test("a cacheable error status is cached, and is an error from the cache too", async () => {
    const { requests, upstream } = await countedService((_request, response) =>
      response.writeHead(404, { "cache-control": "max-age=60" }).end(),
    );
    for (const _ of Array(2)) await expect(read(upstream)).rejects.toMatchObject({ message: /status 404/ });
    expect(requests).toHaveLength(1);
  });

  test("not if its body is invalid: a maintenance page would stay for its lifetime", async () => {
    const { requests, upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60").end(count === 1 ? "<html>" : "[2]"),
    );
    await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    expect(upstream.cacheStats()).toMatchObject({ entries: 0 });
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked() });
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked({ cached: true }) });
    expect(requests).toHaveLength(2);
  });

  test("never for a POST, which does not change the cached GET of the same path", async () => {
    const { requests, upstream } = await countedService((_request, response) =>
      response.setHeader("cache-control", "max-age=60").end("[1]"),
    );
    const post = { call: "numbers", keys: 1, path: "/numbers", body: z.array(z.number()), json: [1] } as const;
    await read(upstream);
    await upstream.post(createScope(), post);
    await upstream.post(createScope(), post);
    expect((await read(upstream)).marks).toEqual(marked({ cached: true }));
    expect(requests.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
    expect(upstream.cacheStats()).toMatchObject({ hits: 1, misses: 1 });
  });
});

describe("forwarded headers are part of the key of a response", () => {
  test("a response is not served to a client with other headers, although it is public", async () => {
    const { requests, upstream } = await countedService(
      (request, response) =>
        response.setHeader("cache-control", "public, max-age=60").end(`[${request.headers["x-tenant"] ?? 0}]`),
      { forwardHeaders: ["X-Tenant"] },
    );
    for (const tenant of ["1", "2", "1", "2"]) {
      expect((await read(upstream, { "x-tenant": tenant, "x-other": Math.random().toString() })).body).toEqual([
        Number(tenant),
      ]);
    }
    expect((await read(upstream)).body).toEqual([0]);
    expect(requests).toHaveLength(3);
    expect(upstream.cacheStats()).toMatchObject({ hits: 2, misses: 3, entries: 3 });
  });
});

describe("a stale response is revalidated", () => {
  const versioned = (validator: Record<string, string>, cacheControl: string) =>
    countedService((request, response) => {
      for (const [name, value] of Object.entries(validator)) response.setHeader(name, value);
      response.setHeader("cache-control", cacheControl);
      const isKnown =
        request.headers["if-none-match"] === validator.etag &&
        (validator["last-modified"] === undefined ||
          request.headers["if-modified-since"] === validator["last-modified"]);
      if (isKnown) response.writeHead(304).end();
      else response.end("[1]");
    });

  test.each([
    ["its ETag", { etag: '"v1"' }],
    ["its Last-Modified", { "last-modified": "Sun, 01 Nov 2026 10:00:00 GMT" }],
  ])("by %s, and is fresh again afterwards", async (_name, validator) => {
    const { requests, upstream } = await versioned(validator, "max-age=60");
    await read(upstream);
    for (const seconds of [61, 3600, 61]) {
      wait(seconds);
      expect(await read(upstream)).toMatchObject({ body: [1], marks: marked({ revalidated: true }) });
      wait(59);
      expect(await read(upstream)).toMatchObject({ body: [1], marks: marked({ cached: true }) });
    }
    expect(requests).toHaveLength(4);
    expect(upstream.cacheStats()).toMatchObject({ hits: 3, misses: 1, revalidated: 3, entries: 1 });
  });

  test("each time if it is never fresh", async () => {
    const { requests, upstream } = await versioned({ etag: '"v1"' }, "max-age=0, must-revalidate");
    await read(upstream);
    for (const _ of Array(3)) expect((await read(upstream)).marks).toEqual(marked({ revalidated: true }));
    expect(requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"v1"', '"v1"', '"v1"']);
  });

  test("also a large one, and the connection is reused for the next call", async () => {
    const large = JSON.stringify(Array(200_000).fill(1));
    const { requests, upstream } = await countedService(
      (request, response) => {
        response.setHeader("cache-control", "no-cache").setHeader("etag", '"v1"');
        if (request.headers["if-none-match"]) response.writeHead(304).end();
        else response.end(large);
      },
      { maxConcurrency: 1 },
    );
    for (const _ of Array(3)) expect((await read(upstream)).body).toHaveLength(200_000);
    expect(requests.map(({ socket }) => socket.remotePort)).toEqual(Array(3).fill(requests[0]?.socket.remotePort));
    expect(upstream.cacheStats()).toMatchObject({ misses: 1, revalidated: 2 });
  });

  test("and replaced by a new response", async () => {
    const { upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60").setHeader("etag", `"v${count}"`).end(`[${count}]`),
    );
    await read(upstream);
    wait(61);
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked() });
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked({ cached: true }) });
  });

  test("and read again if the ETag of a 304 is not that of the stored response", async () => {
    const { requests, upstream } = await countedService((request, response, count) => {
      response.setHeader("cache-control", "max-age=60").setHeader("etag", `"v${count}"`);
      if (request.headers["if-none-match"]) response.writeHead(304).end();
      else response.end(`[${count}]`);
    });
    await read(upstream);
    wait(61);
    expect((await read(upstream)).body).toEqual([3]);
    expect(requests).toHaveLength(3);
  });

  test("and keeps its content headers", async () => {
    const { upstream } = await countedService((request, response) => {
      response.setHeader("cache-control", "no-cache").setHeader("etag", '"v1"');
      if (request.headers["if-none-match"]) {
        response.writeHead(304, { "content-type": "text/html", "content-length": "0", "x-served-by": "b" }).end();
      } else {
        response.writeHead(200, { "content-type": "application/json", "x-served-by": "a" }).end("[1]");
      }
    });
    await read(upstream);
    const { body, headers } = await read(upstream);
    expect(body).toEqual([1]);
    expect(headers).toMatchObject({ "content-type": "application/json", "x-served-by": "b" });
    expect(headers["content-length"]).not.toBe("0");
  });

  test("`stale-while-revalidate` makes no calls in the background", async () => {
    const { requests, upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60, stale-while-revalidate=600").end(`[${count}]`),
    );
    await read(upstream);
    wait(61);
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked() });
    expect(requests).toHaveLength(2);
  });
});

describe("a stale response is served if the service fails", () => {
  /** A service that has responded, and fails like this from now on. */
  const failing = async (
    fail: (response: ServerResponse) => void,
    cacheControl: string,
    options: Partial<UpstreamOptions> = {},
  ) => {
    let isFailing = false;
    const service = await countedService((_request, response) => {
      if (isFailing) fail(response);
      else response.setHeader("cache-control", cacheControl).setHeader("etag", '"v1"').end("[1]");
    }, options);
    // More than once on a machine so busy that even a good response takes too long.
    await vi.waitFor(() => read(service.upstream), 5000);
    isFailing = true;
    return service;
  };

  const failures: readonly [string, (response: ServerResponse) => void][] = [
    ["responds with 500", (response) => response.writeHead(500).end()],
    [
      "responds with a 503 that is not to be stored",
      (response) => response.writeHead(503, { "cache-control": "no-store" }).end("down"),
    ],
    ["cuts the connection", (response) => response.destroy()],
    ["does not respond in time", () => {}],
  ];

  describe.each(failures)("which %s", (name, fail) => {
    const timeoutMs = name === "does not respond in time" ? 100 : 5000;

    test("for its stale-if-error, and no longer", async () => {
      const { upstream } = await failing(fail, "max-age=60, stale-if-error=600", { timeoutMs });
      for (const seconds of [61, 300, 250]) {
        wait(seconds);
        expect(await read(upstream)).toMatchObject({ body: [1], marks: marked({ stale: true }) });
      }
      expect(upstream.cacheStats()).toMatchObject({ stale: 3 });
      wait(100);
      await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
      expect(upstream.cacheStats()).toMatchObject({ stale: 3 });
    });

    test("for `staleIfErrorSeconds` without a stale-if-error", async () => {
      const { upstream } = await failing(fail, "max-age=60", { timeoutMs, staleIfErrorSeconds: 600 });
      wait(300);
      expect(await read(upstream)).toMatchObject({ body: [1], marks: marked({ stale: true }) });
      wait(400);
      await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    });
  });

  test("also if the service is gone", async () => {
    const server = createServer((_request, response) => response.setHeader("cache-control", "max-age=60").end("[1]"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const upstream = open({ baseUrl: baseUrlOf(server), staleIfErrorSeconds: 600 });
    await read(upstream);
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    wait(61);
    expect(await read(upstream)).toMatchObject({ body: [1], marks: marked({ stale: true }) });
  });

  test.each(["max-age=60", "max-age=60, must-revalidate, stale-if-error=600", "no-cache, stale-if-error=600"])(
    "never with %s only",
    async (cacheControl) => {
      const { upstream } = await failing((response) => response.writeHead(500).end(), cacheControl);
      wait(61);
      await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    },
  );

  test("never with must-revalidate, no-cache or s-maxage, whatever `staleIfErrorSeconds` is", async () => {
    for (const cacheControl of ["max-age=60, must-revalidate", "no-cache", "s-maxage=60"]) {
      const fail = (response: ServerResponse) => response.writeHead(500).end();
      const { upstream } = await failing(fail, cacheControl, { staleIfErrorSeconds: 600 });
      wait(61);
      await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    }
  });

  test("but not for a status that blames the call", async () => {
    const { upstream } = await failing((response) => response.writeHead(400).end(), "max-age=60, stale-if-error=600");
    wait(61);
    await expect(read(upstream)).rejects.toMatchObject({ message: /status 400/ });
  });
});

describe("the cache has a size", () => {
  test("the least recently used response is evicted, and the others stay", async () => {
    const body = JSON.stringify(Array(2000).fill(1));
    const { requests, upstream } = await countedService(
      (_request, response) => response.setHeader("cache-control", "max-age=60").end(body),
      { cacheBytes: 10_000 },
    );
    await read(upstream, {}, "/a");
    await read(upstream, {}, "/b");
    await read(upstream, {}, "/a");
    await read(upstream, {}, "/c");
    expect((await read(upstream, {}, "/a")).marks).toMatchObject({ cached: true });
    expect((await read(upstream, {}, "/b")).marks).not.toHaveProperty("cached");
    expect(requests.map(({ url }) => url)).toEqual(["/a", "/b", "/c", "/b"]);
    const { entries, bytes } = upstream.cacheStats();
    expect(entries).toBe(2);
    expect(bytes).toBeGreaterThan(2 * body.length);
    expect(bytes).toBeLessThanOrEqual(10_000);
  });

  test("a response above it is not stored, and evicts no others", async () => {
    const { requests, upstream } = await countedService(
      (request, response) =>
        response
          .setHeader("cache-control", "max-age=60")
          .end(JSON.stringify(Array(request.url === "/large" ? 9000 : 1).fill(1))),
      { cacheBytes: 10_000 },
    );
    for (const path of ["/small", "/large", "/large", "/small"] as const) await read(upstream, {}, path);
    expect(requests.map(({ url }) => url)).toEqual(["/small", "/large", "/large"]);
  });

  test("0 is none", async () => {
    const { requests, upstream } = await countedService(
      (_request, response) => response.setHeader("cache-control", "max-age=60").end("[1]"),
      { cacheBytes: 0 },
    );
    await read(upstream);
    await read(upstream);
    expect(requests).toHaveLength(2);
    expect(upstream.cacheStats()).toEqual({ hits: 0, misses: 2, revalidated: 0, stale: 0, entries: 0, bytes: 0 });
  });
});
