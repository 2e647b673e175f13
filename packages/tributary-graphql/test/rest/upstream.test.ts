import { createScope, open, serve } from "tributary-testing/rest-service.ts";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { CallLog } from "../../src/core/call-log.ts";
import type { Upstream } from "../../src/rest/upstream.ts";

const numbers = { call: "numbers", keys: 2, path: "/numbers", body: z.array(z.number()) } as const;
const readNumbers = (upstream: Upstream, scope: ReturnType<typeof createScope>) => upstream.get(scope, numbers);
/** Not the same as any other. */
const readNumbersOf = (upstream: Upstream, scope: ReturnType<typeof createScope>, of: number) =>
  upstream.get(scope, { ...numbers, query: `of=${of}` });

describe("a read of a REST service", () => {
  test("gives the declared body and is one entry of the call log", async () => {
    const urls: (string | undefined)[] = [];
    const upstream = await serve((request, response) => {
      urls.push(request.url);
      response.end("[1,2,3]");
    });
    const scope = createScope();
    const answer = await upstream.get(scope, { ...numbers, query: new URLSearchParams({ of: "a b" }) });
    expect(answer.body).toEqual([1, 2, 3]);
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

  test("an answer that is fresh in the HTTP cache is not asked for again, and the call log says so", async () => {
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

  test("a stale answer is revalidated by its ETag, without its body coming again", async () => {
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
    ["is not what was declared", '[1,"secret"]', "expected number, received string at [1]"],
  ])(
    "a body that %s is an invalid response that names service, path and fault; only the log has the body",
    async (_name, body, fault) => {
      const upstream = await serve((_request, response) => response.end(body));
      const scope = createScope();
      const error = await readNumbers(upstream, scope).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE", source: "cities" });
      expect(String(error)).toMatch(/service cities .* \/numbers/);
      expect(String(error)).toContain(fault);
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
    "status %i means that the call made no sense, not that the service is down",
    async (status) => {
      const upstream = await serve((_request, response) => response.writeHead(status).end());
      await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({
        code: "UPSTREAM_INVALID_RESPONSE",
        message: `The service cities sent an invalid response to /numbers: status ${status}.`,
      });
    },
  );

  test("a byte order mark before a body is no part of it", async () => {
    const upstream = await serve((_request, response) => response.end("\ufeff[1]"));
    expect((await readNumbers(upstream, createScope())).body).toEqual([1]);
  });

  test("a service that asks for patience is unavailable", async () => {
    const upstream = await serve((_request, response) => response.writeHead(429).end());
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });

  test("a service that is not there is unavailable", async () => {
    const upstream = open({ baseUrl: "http://127.0.0.1:1" });
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });

  test("a service that does not answer in its own time is unavailable, and the call is ended", async () => {
    const closed = Promise.withResolvers<void>();
    const upstream = await serve((request) => void request.on("close", closed.resolve), { timeoutMs: 50 });
    await expect(readNumbers(upstream, createScope())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      message: "The service cities did not respond within 50 ms.",
    });
    await closed.promise;
  });

  test("when the request's deadline passes, running and waiting calls end at once", async () => {
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

  test("when the client has gone the service is not called at all", async () => {
    let requests = 0;
    const upstream = await serve(() => void requests++);
    const reason = new DOMException("client left", "AbortError");
    await expect(readNumbers(upstream, createScope({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(requests).toBe(0);
  });

  test("waiting for a turn is not held against the service, however long", async () => {
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
    // Never answered: the second one gets its turn only when the first one's time is up.
    await expect(first).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.();
    expect((await second).body).toEqual([1]);
  });

  test("a read waits until the call log lets it start, and takes no place meanwhile", async () => {
    const upstream = await serve((_request, response) => response.end("[1]"), { maxConcurrency: 1 });
    const turn = Promise.withResolvers<void>();
    class HeldCallLog extends CallLog {
      override readonly beforeCall = () => turn.promise;
    }
    const held = { ...createScope(), calls: new HeldCallLog() };
    const waiting = readNumbers(upstream, held);
    await readNumbers(upstream, createScope());
    expect(held.calls.entries).toEqual([]);
    turn.resolve();
    expect((await waiting).body).toEqual([1]);
    expect(held.calls.entries).toHaveLength(1);
  });

  test("a request with many calls leaves places for another one", async () => {
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
    const answerAll = setInterval(() => {
      for (const answer of held.splice(0)) answer();
    }, 1);
    await Promise.all([...many, other]);
    clearInterval(answerAll);
  });

  test("no more calls are under way at once than allowed", async () => {
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
