import { createScope, open, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { CallLog } from "../../src/core/call-log.ts";
import type { Upstream } from "../../src/rest/upstream.ts";

const numbers = { call: "numbers", keys: 2, path: "/numbers", body: z.array(z.number()) } as const;
const readNumbers = (upstream: Upstream, scope: ReturnType<typeof createScope>) => upstream.get(scope, numbers);
/** Shares its call with no other read. */
const readNumbersOf = (upstream: Upstream, scope: ReturnType<typeof createScope>, of: number) =>
  upstream.get(scope, { ...numbers, query: `of=${of}` });

describe("a read of a REST service", () => {
  test("gives the body and is one entry of the call log", async () => {
    const urls: (string | undefined)[] = [];
    const upstream = await serve((request, response) => {
      urls.push(request.url);
      response.end("[1,2,3]");
    });
    const scope = createScope();
    const response = await upstream.get(scope, { ...numbers, query: new URLSearchParams({ of: "a b" }) });
    expect(response.body).toEqual([1, 2, 3]);
    expect(urls).toEqual(["/numbers?of=a+b"]);
    expect(scope.calls.entries).toEqual([
      {
        source: "cities",
        call: "numbers",
        keys: 2,
        rows: 3,
        startMs: expect.any(Number),
        durationMs: expect.any(Number),
      },
    ]);
  });

  test("a fresh response of the HTTP cache needs no call, and the call log says so", async () => {
    let requests = 0;
    const upstream = await serve((_request, response) => {
      requests++;
      response.setHeader("cache-control", "public, max-age=60").end("[1]");
    });
    const scope = createScope();
    await readNumbers(upstream, scope);
    await readNumbers(upstream, scope);
    expect(requests).toBe(1);
    expect(scope.calls.entries.map(({ cached }) => cached)).toEqual([undefined, true]);
  });

  test("a stale response is revalidated by its ETag, without a new body", async () => {
    const conditions: (string | undefined)[] = [];
    const upstream = await serve((request, response) => {
      conditions.push(request.headers["if-none-match"]);
      response.setHeader("cache-control", "public, max-age=0, must-revalidate").setHeader("etag", '"v1"');
      if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
      else response.end("[1]");
    });
    const scope = createScope();
    await readNumbers(upstream, scope);
    expect((await readNumbers(upstream, scope)).body).toEqual([1]);
    expect(conditions).toEqual([undefined, '"v1"']);
    expect(scope.calls.entries.map(({ cached }) => cached)).toEqual([undefined, undefined]);
  });

  test.each([
    ["is not JSON", "<html>secret</html>", "not JSON"],
    ["does not match its schema", '[1,"secret"]', "expected number, received string at [1]"],
  ])(
    "a body that %s is an invalid response with its service, path and issue; only the log has the body",
    async (_name, body, issue) => {
      const upstream = await serve((_request, response) => response.end(body));
      const scope = createScope();
      const error = await readNumbers(upstream, scope).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE", source: "cities" });
      expect(String(error)).toMatch(/service cities .* \/numbers/);
      expect(String(error)).toContain(issue);
      expect(String(error)).not.toContain("secret");
      expect(scope.lines).toEqual([expect.objectContaining({ source: "cities", path: "/numbers", body })]);
      expect(scope.calls.entries).toMatchObject([{ failed: true, rows: 0 }]);
    },
  );

  test("a body above the limit is refused, and its rest is not read", async () => {
    const upstream = await serve((_request, response) => response.end(JSON.stringify(Array(5000).fill(1))), {
      maxBodyBytes: 1000,
    });
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({
      code: "UPSTREAM_INVALID_RESPONSE",
      message: expect.stringContaining("exceeds 1000 bytes"),
    });
  });

  test("an error status means that the service is unavailable", async () => {
    const upstream = await serve((_request, response) => response.writeHead(500).end("stack trace"));
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      source: "cities",
      message: "The service cities responded to /numbers with status 500.",
    });
  });

  test.each([400, 404, 431, 301, 203, 204])(
    "status %i means that the response is invalid, not that the service is down",
    async (status) => {
      const upstream = await serve((_request, response) => response.writeHead(status).end());
      await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        message: `The service cities sent an invalid response to /numbers: status ${status}.`,
      });
    },
  );

  test("a byte order mark is removed from the body", async () => {
    const upstream = await serve((_request, response) => response.end("\ufeff[1]"));
    expect((await readNumbers(upstream, createScope())).body).toEqual([1]);
  });

  test("a service with a temporary status is unavailable", async () => {
    const upstream = await serve((_request, response) => response.writeHead(429).end());
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });

  test("a service that cannot be reached is unavailable", async () => {
    const upstream = open({ baseUrl: "http://127.0.0.1:1" });
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });

  test("a service that does not respond within `timeoutMs` is unavailable, and the call is aborted", async () => {
    const closed = Promise.withResolvers<void>();
    const upstream = await serve((request) => void request.on("close", closed.resolve), { timeoutMs: 50 });
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      message: "The service cities did not respond within 50 ms.",
    });
    await closed.promise;
  });

  test("when the request's deadline passes, pending and queued calls end at once", async () => {
    let requests = 0;
    const arrived = Promise.withResolvers<void>();
    const upstream = await serve(
      () => {
        requests++;
        arrived.resolve();
      },
      { maxConcurrency: 1 },
    );
    const deadline = new AbortController();
    const scope = createScope({ signal: deadline.signal });
    const reads = [readNumbersOf(upstream, scope, 1), readNumbersOf(upstream, scope, 2)];
    await arrived.promise;
    deadline.abort(new DOMException("time is up", "TimeoutError"));
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", source: "cities" });
    expect(requests).toBe(1);
  });

  test("if the client has left, the service is not called", async () => {
    let requests = 0;
    const upstream = await serve(() => void requests++);
    const reason = new DOMException("client left", "AbortError");
    await expect(readNumbers(upstream, createScope({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(requests).toBe(0);
  });

  test("time in the queue does not count toward `timeoutMs`", async () => {
    const waiting: (() => void)[] = [];
    const arrived = Promise.withResolvers<void>();
    const upstream = await serve(
      (_request, response) => {
        waiting.push(() => response.end("[1]"));
        arrived.resolve();
      },
      { maxConcurrency: 1, timeoutMs: 400 },
    );
    const scope = createScope();
    const first = readNumbersOf(upstream, scope, 1);
    const second = readNumbersOf(upstream, scope, 2);
    await arrived.promise;
    expect(scope.calls.entries).toHaveLength(1);
    // Without responses: the second call gets a permit only when the first one has timed out.
    await expect(first).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.();
    expect((await second).body).toEqual([1]);
  });

  test("a read waits for `beforeCall` of the call log, and holds no permit meanwhile", async () => {
    const upstream = await serve((_request, response) => response.end("[1]"), { maxConcurrency: 1 });
    const permission = Promise.withResolvers<void>();
    class HeldCallLog extends CallLog {
      override readonly beforeCall = () => permission.promise;
    }
    const held = { ...createScope(), calls: new HeldCallLog() };
    const waiting = readNumbers(upstream, held);
    await readNumbers(upstream, createScope());
    expect(held.calls.entries).toEqual([]);
    permission.resolve();
    expect((await waiting).body).toEqual([1]);
    expect(held.calls.entries).toHaveLength(1);
  });

  test("a request with many calls leaves permits for another one", async () => {
    const arrivals: string[] = [];
    const held: (() => void)[] = [];
    const upstream = await serve(
      (request, response) => {
        arrivals.push(request.url ?? "");
        held.push(() => response.end("[]"));
      },
      { maxConcurrency: 4 },
    );
    const greedy = createScope();
    const many = Array.from({ length: 20 }, (_, of) => readNumbersOf(upstream, greedy, of));
    await vi.waitFor(() => expect(arrivals).toHaveLength(2));
    const other = upstream.get(createScope(), { ...numbers, path: "/other" });
    await vi.waitFor(() => expect(arrivals).toEqual(["/numbers?of=0", "/numbers?of=1", "/other"]));
    const respondToAll = setInterval(() => {
      for (const respond of held.splice(0)) respond();
    }, 1);
    await Promise.all([...many, other]);
    clearInterval(respondToAll);
  });

  test("concurrent calls are limited", async () => {
    let running = 0;
    let most = 0;
    const upstream = await serve(
      (_request, response) => {
        most = Math.max(most, ++running);
        setImmediate(() => {
          running--;
          response.end("[]");
        });
      },
      { maxConcurrency: 3 },
    );
    const scope = createScope();
    await Promise.all(Array.from({ length: 20 }, (_, of) => readNumbersOf(upstream, scope, of)));
    expect(most).toBeLessThanOrEqual(3);
    expect(scope.calls.entries).toHaveLength(20);
  });
});
