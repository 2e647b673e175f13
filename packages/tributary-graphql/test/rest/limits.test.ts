import type { ServerResponse } from "node:http";
import { createScope, open, serve, type TestScope } from "tributary-testing/rest-service.ts";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { CallLog } from "../../src/core/call-log.ts";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

const read = (upstream: Upstream, scope: TestScope, of: number) =>
  upstream.get(scope, { call: "numbers", keys: 1, path: "/numbers", query: `of=${of}`, body: z.array(z.number()) });

/** A service that responds when the test says so. */
async function held(options: Partial<UpstreamOptions>) {
  const open: ServerResponse[] = [];
  let calls = 0;
  let maxConcurrent = 0;
  const upstream = await serve((_request, response) => {
    calls++;
    open.push(response);
    maxConcurrent = Math.max(maxConcurrent, open.length);
  }, options);
  const respondToAll = async (reads: readonly Promise<unknown>[]) => {
    let isOver = false;
    const all = Promise.allSettled(reads).then((results) => {
      isOver = true;
      return results;
    });
    while (!isOver) {
      for (const response of open.splice(0)) response.end("[1]");
      await new Promise((resolve) => setImmediate(resolve));
    }
    return all;
  };
  return { upstream, open, respondToAll, calls: () => calls, maxConcurrent: () => maxConcurrent };
}

describe("concurrent calls", () => {
  test.each([1, 3, 20])("are at most `maxConcurrency` (%i), over all requests", async (maxConcurrency) => {
    const service = await held({ maxConcurrency });
    const reads = Array.from({ length: 40 }, (_, index) => read(service.upstream, createScope(), index));
    await vi.waitFor(() => expect(service.open).toHaveLength(maxConcurrency));
    const results = await service.respondToAll(reads);
    expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
    expect(service.calls()).toBe(40);
    expect(service.maxConcurrent()).toBeLessThanOrEqual(maxConcurrency);
  });

  test.each([
    [{ maxConcurrency: 6 }, 3],
    [{ maxConcurrency: 6, maxConcurrencyPerRequest: 5 }, 5],
    [{ maxConcurrency: 6, maxConcurrencyPerRequest: 1 }, 1],
  ])("of one request are at most `maxConcurrencyPerRequest`: %j", async (options, share) => {
    const service = await held(options);
    const scope = createScope();
    const reads = Array.from({ length: 12 }, (_, index) => read(service.upstream, scope, index));
    await vi.waitFor(() => expect(service.open).toHaveLength(share));
    const other = read(service.upstream, createScope(), 100);
    await vi.waitFor(() => expect(service.open).toHaveLength(share + 1));
    await service.respondToAll([...reads, other]);
    expect(service.calls()).toBe(13);
  });
});

describe("the queue for a service", () => {
  test("is bounded: one more call is refused at once, with the service and the options in the message", async () => {
    const service = await held({ maxConcurrency: 2, maxQueue: 3 });
    const reads = Array.from({ length: 5 }, (_, index) => read(service.upstream, createScope(), index));
    await vi.waitFor(() => expect(service.open).toHaveLength(2));
    await expect(read(service.upstream, createScope(), 5)).rejects.toMatchObject({
      code: "OVERLOADED",
      source: "cities",
      message: "The service cities has 2 pending and 3 queued calls (maxConcurrency, maxQueue).",
      failedCall: { call: "numbers", path: "/numbers" },
    });
    const results = await service.respondToAll(reads);
    expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
    expect(service.calls()).toBe(5);
    expect(await service.respondToAll([read(service.upstream, createScope(), 6)])).toMatchObject([
      { status: "fulfilled" },
    ]);
  });

  test("is not filled by one request, whose further calls wait for the permits of the request", async () => {
    const service = await held({ maxConcurrency: 2, maxConcurrencyPerRequest: 2, maxQueue: 1 });
    const greedy = createScope();
    const reads = Array.from({ length: 50 }, (_, index) => read(service.upstream, greedy, index));
    await vi.waitFor(() => expect(service.open).toHaveLength(2));
    const other = read(service.upstream, createScope(), 100);
    const results = await service.respondToAll([...reads, other]);
    expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
  });

  test("does not count reads that join a queued call", async () => {
    const service = await held({ maxConcurrency: 1, maxQueue: 1 });
    const reads = [0, 1, 1, 1, 1].map((of) => read(service.upstream, createScope(), of));
    const results = await service.respondToAll(reads);
    expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
    expect(service.calls()).toBe(2);
  });
});

test.each([
  [{ maxConcurrency: 0 }, "Expected maxConcurrency of cities to be a whole number from 1, got 0."],
  [{ maxConcurrencyPerRequest: 1.5 }, "maxConcurrencyPerRequest"],
  [{ maxQueue: -1 }, "Expected maxQueue of cities to be a whole number from 0, got -1."],
  [{ timeoutMs: Number.NaN }, "timeoutMs"],
  [{ maxJoinAgeMs: Number.NaN }, "maxJoinAgeMs"],
  [{ cacheBytes: -1 }, "cacheBytes"],
  [{ maxHeaderBytes: 0 }, "maxHeaderBytes"],
])("a service with %j is refused", (options, message) => {
  expect(() => open({ baseUrl: "http://127.0.0.1:1", ...options })).toThrow(message);
});

test("queued calls count toward the limit of a request from the start: the call above it is refused, without an unhandled rejection", async () => {
  let requests = 0;
  const upstream = await serve(
    (_request, response) => {
      requests++;
      setImmediate(() => response.end("1"));
    },
    { maxConcurrency: 2 },
  );
  const calls = new CallLog(performance.now(), 10);
  const scope = { ...createScope(), calls };
  const ask = (of: number) =>
    upstream.get(scope, { call: "one", keys: 1, path: "/one", query: `of=${of}`, body: z.number() });
  const waiting = Promise.allSettled(Array.from({ length: 8 }, (_, of) => ask(of)));
  for (const _ of [1, 2]) calls.begin("database", "cityById", 1).succeed(1);
  const [late] = await Promise.allSettled([ask(8)]);
  expect((await waiting).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => "fulfilled"));
  expect(late).toMatchObject({ status: "rejected", reason: { code: "LIMIT_EXCEEDED", source: "cities" } });
  expect([requests, calls.entries.length]).toEqual([8, 10]);
});

test("a response that arrived while the process was busy is read, although the call has timed out by then", async () => {
  const timeoutMs = 200;
  const upstream = await serve(
    (_request, response) => {
      response.end("[1]");
      const until = performance.now() + 2 * timeoutMs;
      while (performance.now() < until);
    },
    { timeoutMs },
  );
  expect((await read(upstream, createScope(), 1)).body).toEqual([1]);
});
