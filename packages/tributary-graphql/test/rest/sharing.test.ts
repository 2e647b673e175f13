import { getEventListeners, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createScope, leaving, marksOf, serve, type TestScope } from "tributary-testing/rest-service.ts";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

interface Held {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

/** A service that holds every call until the test responds to it. */
async function holdingService(options: Partial<UpstreamOptions> = {}) {
  const held: Held[] = [];
  const arrivals = Array.from({ length: 20 }, () => Promise.withResolvers<Held>());
  const upstream = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    held.push({ request, response, body });
    arrivals[held.length - 1]?.resolve({ request, response, body });
  }, options);
  const arrival = (index: number): Promise<Held> => arrivals[index]?.promise ?? Promise.reject(new Error("too many"));
  return { upstream, held, arrival };
}

const numbers = { call: "numbers", keys: 1, path: "/numbers", body: z.array(z.number()) } as const;
const read = (upstream: Upstream, scope: TestScope, query = "") =>
  upstream.get(scope, { ...numbers, query }).then(({ body }) => body);

describe("identical pending reads", () => {
  test("are one call across requests; the call log of each request tells whether the call was shared", async () => {
    const { upstream, held, arrival } = await holdingService();
    const scopes = [createScope(), createScope(), createScope()] as const;
    const early = [read(upstream, scopes[0]), read(upstream, scopes[1])];
    const { response } = await arrival(0);
    const late = read(upstream, scopes[2]);
    response.end("[1,2]");
    expect(await Promise.all([...early, late])).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(held).toHaveLength(1);
    expect(scopes.map(marksOf)).toEqual([
      [{ keys: 1, rows: 2 }],
      [{ keys: 1, rows: 2, shared: true }],
      [{ keys: 1, rows: 2, shared: true }],
    ]);
  });

  test("are one body, validated once per schema", async () => {
    const { upstream, arrival } = await holdingService();
    let checks = 0;
    const counting = z.array(z.number()).refine(() => ++checks > 0);
    const reads = [1, 2, 3].map(() => upstream.get(createScope(), { ...numbers, body: counting }));
    const strings = upstream.get(createScope(), { ...numbers, body: z.array(z.string()) });
    const sums = upstream.get(createScope(), {
      ...numbers,
      body: z.array(z.number()).transform((all) => all.reduce((sum, one) => sum + one, 0)),
    });
    (await arrival(0)).response.end("[1,2]");
    const bodies = await Promise.all(reads);
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(1);
    expect(checks).toBe(1);
    await expect(strings).rejects.toMatchObject({ message: /expected string, received number at \[0\]/ });
    expect((await sums).body).toBe(3);
  });

  test("cannot change each other's body, whether it is cached or not", async () => {
    const { upstream, arrival } = await holdingService();
    const body = z.array(z.object({ tags: z.array(z.string()) }));
    const reads = [1, 2].map(() => upstream.get(createScope(), { ...numbers, body }));
    (await arrival(0)).response.end('[{"tags":["a"]}]');
    const [one, other] = await Promise.all(reads);
    expect(() => one?.body.pop()).toThrow(TypeError);
    expect(() => one?.body[0]?.tags.push("b")).toThrow(TypeError);
    expect(other?.body).toEqual([{ tags: ["a"] }]);
  });

  test("get a body each if it cannot be frozen", async () => {
    const { upstream, held, arrival } = await holdingService();
    const body = z.array(z.number().transform((ms) => new Date(ms)));
    const reads = [1, 2, 3].map(() => upstream.get(createScope(), { ...numbers, body }));
    (await arrival(0)).response.end("[0]");
    const dates = (await Promise.all(reads)).map(({ body }) => body[0]);
    dates[0]?.setFullYear(1999);
    expect(dates.slice(1)).toEqual([new Date(0), new Date(0)]);
    expect([new Set(dates).size, held.length]).toEqual([3, 1]);
  });

  test("a settled call is not shared: the next read makes a call", async () => {
    const { upstream, held, arrival } = await holdingService();
    const first = read(upstream, createScope());
    (await arrival(0)).response.end("[1]");
    await first;
    const second = read(upstream, createScope());
    (await arrival(1)).response.end("[2]");
    expect(await second).toEqual([2]);
    expect(held).toHaveLength(2);
  });

  test("share a POST with the same body, and not one with another body", async () => {
    const { upstream, held, arrival } = await holdingService();
    const post = (json: unknown) => upstream.post(createScope(), { ...numbers, json });
    const reads = [post({ ids: [1] }), post({ ids: [1] }), post({ ids: [2] })];
    const other = read(upstream, createScope());
    const calls = await Promise.all([arrival(0), arrival(1), arrival(2)]);
    for (const { response } of calls) response.end("[1]");
    await Promise.all([...reads, other]);
    expect(held.map(({ request, body }) => [request.method, body, request.headers["content-type"]]).sort()).toEqual([
      ["GET", "", undefined],
      ["POST", '{"ids":[1]}', "application/json"],
      ["POST", '{"ids":[2]}', "application/json"],
    ]);
  });

  test("with different URLs do not share a call", async () => {
    const { upstream, held, arrival } = await holdingService();
    const reads = ["a=1", "a=2"].map((query) => read(upstream, createScope(), query));
    for (const { response } of await Promise.all([arrival(0), arrival(1)])) response.end("[]");
    await Promise.all(reads);
    expect(held.map(({ request }) => request.url).sort()).toEqual(["/numbers?a=1", "/numbers?a=2"]);
  });
});

describe("nothing is shared between two identities", () => {
  test("each Authorization has its own call and response", async () => {
    const { upstream, held, arrival } = await holdingService({ forwardHeaders: ["authorization"] });
    const readAs = (authorization?: string) =>
      read(upstream, createScope({ headers: { ...(authorization && { authorization }), "x-trace": "no identity" } }));
    const reads = [readAs("Bearer 1"), readAs("Bearer 2"), readAs(), readAs("Bearer 1")];
    await Promise.all([arrival(0), arrival(1), arrival(2)]);
    for (const { request, response } of held) response.end(`[${request.headers.authorization?.slice(7) ?? 0}]`);
    expect(await Promise.all(reads)).toEqual([[1], [2], [0], [1]]);
    expect(held).toHaveLength(3);
  });

  test("header values that are equal when joined are distinguished", async () => {
    const { upstream, held, arrival } = await holdingService({ forwardHeaders: ["x-a", "x-b"] });
    const readAs = (headers: Record<string, string>) => read(upstream, createScope({ headers }));
    const reads = [
      readAs({ "x-a": "1,2", "x-b": "3" }),
      readAs({ "x-a": "1", "x-b": "2,3" }),
      readAs({ "x-a": '1","2' }),
      readAs({ "x-a": "1", "x-b": "2" }),
      readAs({ "x-a": "1" }),
      readAs({ "x-a": "1", "x-b": "" }),
      readAs({ "x-b": "1" }),
    ];
    for (const { response } of await Promise.all(reads.map((_, index) => arrival(index)))) response.end("[]");
    await Promise.all(reads);
    expect(held).toHaveLength(reads.length);
  });
});

describe("a subscriber that leaves", () => {
  test("gets its abort reason at once and does not affect the others, also not as the first subscriber", async () => {
    const { upstream, held, arrival } = await holdingService();
    const first = leaving();
    const second = leaving();
    const third = createScope();
    const reads = [first.scope, second.scope, third].map((scope) => read(upstream, scope));
    const { response } = await arrival(0);
    first.clientLeaves();
    await expect(reads[0]).rejects.toBe(first.scope.signal.reason);
    second.deadlinePasses();
    await expect(reads[1]).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", source: "cities" });
    response.end("[1]");
    expect(await reads[2]).toEqual([1]);
    expect(held).toHaveLength(1);
    expect([first.scope, second.scope, third].map(marksOf)).toEqual([
      [{ keys: 1, rows: 0, failed: true }],
      [{ keys: 1, rows: 0, failed: true }],
      [{ keys: 1, rows: 1, shared: true }],
    ]);
  });

  test("aborts the call at once if it is the last one", async () => {
    // `timeoutMs` would end the call too, but only after the test has timed out.
    const { upstream, arrival } = await holdingService({ timeoutMs: 60_000 });
    const waiting = [leaving(), leaving()] as const;
    const reads = waiting.map(({ scope }) => read(upstream, scope).catch((reason: unknown) => reason));
    const { request, response } = await arrival(0);
    const closed = once(response, "close");
    waiting[0].clientLeaves();
    await reads[0];
    expect(request.destroyed && response.destroyed).toBe(false);
    waiting[1].clientLeaves();
    await closed;
    expect(response.writableFinished).toBe(false);
  });

  test("aborts a revalidation too", async () => {
    const { upstream, arrival } = await holdingService({ timeoutMs: 60_000 });
    const first = read(upstream, createScope());
    (await arrival(0)).response.setHeader("cache-control", "no-cache").setHeader("etag", '"v1"').end("[1]");
    await first;
    const second = leaving();
    const revalidating = read(upstream, second.scope);
    const { request, response } = await arrival(1);
    expect(request.headers["if-none-match"]).toBe('"v1"');
    const closed = once(response, "close");
    second.clientLeaves();
    await expect(revalidating).rejects.toBe(second.scope.signal.reason);
    await closed;
  });

  test("and is followed by a new read, which gets a new call and not the aborted one", async () => {
    const { upstream, held, arrival } = await holdingService();
    const first = leaving();
    const given = read(upstream, first.scope).catch((reason: unknown) => reason);
    await arrival(0);
    first.clientLeaves();
    const newcomer = read(upstream, createScope());
    (await arrival(1)).response.end("[2]");
    expect(await newcomer).toEqual([2]);
    expect(await given).toBe(first.scope.signal.reason);
    expect(held).toHaveLength(2);
  });

  test("leaves the position in the queue to the other subscribers of the call", async () => {
    const { upstream, held, arrival } = await holdingService({ maxConcurrency: 1 });
    const blocker = read(upstream, createScope(), "a=blocker");
    await arrival(0);
    const first = leaving();
    const second = createScope();
    const reads = [read(upstream, first.scope, "a=1"), read(upstream, second, "a=1")];
    const behind = read(upstream, createScope(), "a=behind");
    first.clientLeaves();
    await expect(reads[0]).rejects.toBe(first.scope.signal.reason);
    held[0]?.response.end("[]");
    const { request, response } = await arrival(1);
    expect(request.url).toBe("/numbers?a=1");
    response.end("[1]");
    (await arrival(2)).response.end("[]");
    expect(await Promise.all([reads[1], blocker, behind])).toEqual([[1], [], []]);
    expect(marksOf(first.scope)).toEqual([]);
    expect(marksOf(second)).toEqual([{ keys: 1, rows: 1 }]);
  });

  test("and of several subscribers of a queued call, one has made it and the others have shared it", async () => {
    const { upstream, held, arrival } = await holdingService({ maxConcurrency: 1 });
    const blocker = read(upstream, createScope(), "a=blocker");
    await arrival(0);
    const scopes = [createScope(), createScope(), createScope()];
    const reads = scopes.map((scope) => read(upstream, scope, "a=1"));
    held[0]?.response.end("[]");
    (await arrival(1)).response.end("[1]");
    await Promise.all([blocker, ...reads]);
    expect(scopes.flatMap(marksOf)).toEqual([
      { keys: 1, rows: 1 },
      { keys: 1, rows: 1, shared: true },
      { keys: 1, rows: 1, shared: true },
    ]);
  });

  test("makes no call if it leaves a queued call as the last one", async () => {
    const { upstream, held, arrival } = await holdingService({ maxConcurrency: 1 });
    const blocker = read(upstream, createScope(), "a=blocker");
    await arrival(0);
    const first = leaving();
    const left = read(upstream, first.scope, "a=1");
    const behind = read(upstream, createScope(), "a=behind");
    first.clientLeaves();
    await expect(left).rejects.toBe(first.scope.signal.reason);
    held[0]?.response.end("[]");
    (await arrival(1)).response.end("[]");
    await Promise.all([blocker, behind]);
    expect(held.map(({ request }) => request.url)).toEqual(["/numbers?a=blocker", "/numbers?a=behind"]);
  });
});

describe("a call that fails", () => {
  test("fails all its subscribers, and no later read", async () => {
    const { upstream, held, arrival } = await holdingService();
    const scopes = [createScope(), createScope()] as const;
    const reads = scopes.map((scope) => read(upstream, scope));
    (await arrival(0)).response.writeHead(503).end();
    for (const failed of reads) await expect(failed).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(scopes.map(marksOf)).toEqual([[{ keys: 1, rows: 0, failed: true }], [{ keys: 1, rows: 0, failed: true }]]);
    const next = read(upstream, createScope());
    (await arrival(1)).response.end("[1]");
    expect(await next).toEqual([1]);
    expect(held).toHaveLength(2);
  });

  test("by its time-out fails all its subscribers, with an error that names the service", async () => {
    const { upstream } = await holdingService({ timeoutMs: 50 });
    const reads = [createScope(), createScope()].map((scope) => read(upstream, scope));
    for (const slow of reads) {
      await expect(slow).rejects.toMatchObject({ message: "The service cities did not respond within 50 ms." });
    }
  });

  test("with an invalid body is logged once, with the body", async () => {
    const { upstream, arrival } = await holdingService();
    const scopes = [createScope(), createScope()] as const;
    const reads = scopes.map((scope) => read(upstream, scope));
    (await arrival(0)).response.end('["secret"]');
    for (const invalid of reads) await expect(invalid).rejects.toMatchObject({ code: "UPSTREAM_INVALID_RESPONSE" });
    expect(scopes.flatMap(({ lines }) => lines)).toEqual([expect.objectContaining({ body: '["secret"]' })]);
  });
});

describe("permits", () => {
  test("a subscriber whose request has a permit starts the call of a request that has none", async () => {
    const { upstream, held, arrival } = await holdingService({ maxConcurrency: 4 });
    const greedy = createScope();
    const reads = ["a=1", "a=2", "a=3"].map((query) => read(upstream, greedy, query));
    await Promise.all([arrival(0), arrival(1)]);
    const other = read(upstream, createScope(), "a=3");
    const { request, response } = await arrival(2);
    expect(request.url).toBe("/numbers?a=3");
    response.end("[3]");
    expect(await Promise.all([reads[2], other])).toEqual([[3], [3]]);
    for (const { response } of held.slice(0, 2)) response.end("[]");
    await Promise.all(reads);
    expect(held).toHaveLength(3);
  });

  test("are all free in the end, after many subscribers have joined and left", async () => {
    const { upstream, held } = await holdingService({ maxConcurrency: 2 });
    const clients = Array.from({ length: 12 }, leaving);
    const reads = clients.map(({ scope }, index) => read(upstream, scope, `a=${index % 4}`).catch(() => "left"));
    for (const { clientLeaves } of clients) clientLeaves();
    expect(await Promise.all(reads)).toEqual(Array(12).fill("left"));
    const before = held.length;
    const scope = [createScope(), createScope()] as const;
    const after = scope.map((one, index) => read(upstream, one, `b=${index}`));
    await vi.waitFor(() => expect(held.length).toBe(before + 2));
    for (const { response } of held) response.end("[]");
    expect(await Promise.all(after)).toEqual([[], []]);
  });
});

test("a request's signal has one listener for all calls, and its abort ends them all", async () => {
  const { upstream } = await holdingService();
  const { scope, clientLeaves } = leaving();
  const added = vi.spyOn(scope.signal, "addEventListener");
  const reads = Array.from({ length: 10_000 }, (_, index) => read(upstream, scope, `from=${index}`));
  await vi.waitFor(() => expect(scope.calls.entries).toHaveLength(8));
  expect(getEventListeners(scope.signal, "abort")).toHaveLength(1);
  expect(added).toHaveBeenCalledTimes(1);
  clientLeaves();
  const outcomes = await Promise.allSettled(reads);
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(10_000);
});
