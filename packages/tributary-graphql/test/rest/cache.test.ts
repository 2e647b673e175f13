import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { baseUrlOf, createScope, marksOf, open, serve } from "tributary-testing/rest-service.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

// The cache goes by the time of day: it stands still, and moves when a test says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());
const wait = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

/** A service that counts what it is asked. Node would date its answers by a clock of its own. */
async function countedService(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<UpstreamOptions> = {},
) {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    response.setHeader("date", new Date().toUTCString());
    answer(request, response, requests.length);
  };
  return { requests, upstream: await serve(listener, options) };
}

async function read(upstream: Upstream, headers: Record<string, string> = {}, path: `/${string}` = "/numbers") {
  const scope = createScope({ headers });
  const { body, headers: answered } = await upstream.get(scope, {
    call: "numbers",
    keys: 1,
    path,
    body: z.array(z.number()),
  });
  const [marks] = marksOf(scope);
  return { body, headers: answered, marks };
}

const marked = (marks: object = {}) => ({ keys: 1, rows: 1, ...marks });

describe("an answer is kept as RFC 9111 says", () => {
  test("for its max-age, and asked for again after it", async () => {
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

  test("for less, when it was some time in other caches before (Age); the reader sees its age", async () => {
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

  test("not at all when its headers say nothing, or when it sets a cookie", async () => {
    const { requests, upstream } = await countedService((_request, response, count) => {
      if (count > 2) response.setHeader("cache-control", "max-age=60").setHeader("set-cookie", "a=b");
      response.end("[1]");
    });
    for (const _ of Array(4)) await read(upstream);
    expect(requests).toHaveLength(4);
  });

  test("for each value of the headers that its Vary names, among those that we send", async () => {
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
  ])("for a request with Authorization only where 3.5 allows it: %s is asked for %i times", async (control, times) => {
    const { requests, upstream } = await countedService(
      (_request, response) => response.setHeader("cache-control", control).end("[1]"),
      { forwardHeaders: ["authorization"] },
    );
    await read(upstream, { authorization: "Bearer a" });
    await read(upstream, { authorization: "Bearer a" });
    expect(requests).toHaveLength(times);
  });

  test("an error status that may be kept is kept, and is as much of an error from the cache", async () => {
    const { requests, upstream } = await countedService((_request, response) =>
      response.writeHead(404, { "cache-control": "max-age=60" }).end(),
    );
    for (const _ of Array(2)) await expect(read(upstream)).rejects.toMatchObject({ message: /status 404/ });
    expect(requests).toHaveLength(1);
  });

  test("not when its body is not as declared: a page of maintenance would stay for as long as it says", async () => {
    const { requests, upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60").end(count === 1 ? "<html>" : "[2]"),
    );
    await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    expect(upstream.cacheStats()).toMatchObject({ entries: 0 });
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked() });
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked({ cached: true }) });
    expect(requests).toHaveLength(2);
  });

  test("never for a POST, which does not touch what a GET of the same path has brought", async () => {
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

describe("forwarded headers are part of an answer's key", () => {
  test("an answer is never given to another client, although its headers say that it is the same for all", async () => {
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

describe("a stale answer is revalidated", () => {
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

  test("each time when it is stale from the start", async () => {
    const { requests, upstream } = await versioned({ etag: '"v1"' }, "max-age=0, must-revalidate");
    await read(upstream);
    for (const _ of Array(3)) expect((await read(upstream)).marks).toEqual(marked({ revalidated: true }));
    expect(requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"v1"', '"v1"', '"v1"']);
  });

  test("a large one too, and the connection is good for the next call", async () => {
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

  test("and replaced when the service has another one", async () => {
    const { upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60").setHeader("etag", `"v${count}"`).end(`[${count}]`),
    );
    await read(upstream);
    wait(61);
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked() });
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked({ cached: true }) });
  });

  test("and asked for whole when a 304 is about another answer than the one that is kept", async () => {
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

  test("and keeps what its headers say of its body, about which a 304 knows nothing", async () => {
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

  test("`stale-while-revalidate` does not make calls that nobody waits for", async () => {
    const { requests, upstream } = await countedService((_request, response, count) =>
      response.setHeader("cache-control", "max-age=60, stale-while-revalidate=600").end(`[${count}]`),
    );
    await read(upstream);
    wait(61);
    expect(await read(upstream)).toMatchObject({ body: [2], marks: marked() });
    expect(requests).toHaveLength(2);
  });
});

describe("a stale answer stands in for a failing service", () => {
  /** Has answered, and fails like this from now on. */
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
    // More than once on a machine so busy that even a good answer takes too long.
    await vi.waitFor(() => read(service.upstream), 5000);
    isFailing = true;
    return service;
  };

  const failures: readonly [string, (response: ServerResponse) => void][] = [
    ["answers 500", (response) => response.writeHead(500).end()],
    [
      "answers 503 and says that this is not to be kept",
      (response) => response.writeHead(503, { "cache-control": "no-store" }).end("down"),
    ],
    ["cuts the connection", (response) => response.destroy()],
    ["does not answer in time", () => {}],
  ];

  describe.each(failures)("that %s", (name, fail) => {
    const timeoutMs = name === "does not answer in time" ? 100 : 5000;

    test("for as long as its own stale-if-error says, and no longer", async () => {
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

    test("for as long as the declaration says, where its headers do not", async () => {
      const { upstream } = await failing(fail, "max-age=60", { timeoutMs, staleIfErrorSeconds: 600 });
      wait(300);
      expect(await read(upstream)).toMatchObject({ body: [1], marks: marked({ stale: true }) });
      wait(400);
      await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    });
  });

  test("also when there is no service any more", async () => {
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
    "never where %s is all that its headers say",
    async (cacheControl) => {
      const { upstream } = await failing((response) => response.writeHead(500).end(), cacheControl);
      wait(61);
      await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    },
  );

  test("never against must-revalidate, no-cache or s-maxage, whatever the declaration says", async () => {
    for (const cacheControl of ["max-age=60, must-revalidate", "no-cache", "s-maxage=60"]) {
      const fail = (response: ServerResponse) => response.writeHead(500).end();
      const { upstream } = await failing(fail, cacheControl, { staleIfErrorSeconds: 600 });
      wait(61);
      await expect(read(upstream)).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    }
  });

  test("but a status that blames the call is passed on", async () => {
    const { upstream } = await failing((response) => response.writeHead(400).end(), "max-age=60, stale-if-error=600");
    wait(61);
    await expect(read(upstream)).rejects.toMatchObject({ message: /status 400/ });
  });
});

describe("the cache has a size", () => {
  test("what was not used for longest makes room, and the rest stays", async () => {
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

  test("one answer above it is not kept, and takes nothing away from the others", async () => {
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
