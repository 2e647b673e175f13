import type { ServerResponse } from "node:http";
import { createScope, leaving, marksOf, serve, type TestScope } from "tributary-testing/rest-service.ts";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { createRestReads, repeated } from "../../src/rest/reads.ts";
import type { Upstream, UpstreamOptions } from "../../src/rest/upstream.ts";

const numbers = z.array(z.number());

const read = async (upstream: Upstream, scope: TestScope = createScope()) =>
  (await upstream.get(scope, { call: "numbers", keys: 1, path: "/numbers", body: numbers })).body;

/** A service whose first `hung` calls hang. It responds to all others at once, or when the test says so. */
async function partlyHung(options: Partial<UpstreamOptions> & { hung?: number; afterMs?: number }) {
  const { hung = 1, afterMs = 0, ...declared } = options;
  const responses: ServerResponse[] = [];
  const upstream = await serve((_request, response) => {
    const count = responses.push(response);
    if (count > hung) setTimeout(() => response.end(`[${count}]`), afterMs);
  }, declared);
  return { upstream, responses };
}

const settled = (reads: readonly Promise<unknown>[]) => Promise.allSettled(reads);
const lost = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === "rejected").length;

test("a call that hangs until its time-out fails none of 160 reads that come meanwhile, nor its own", async () => {
  const { upstream, responses } = await partlyHung({ timeoutMs: 10_000, maxJoinAgeMs: 100, afterMs: 20 });
  const reads: Promise<unknown>[] = [];
  for (let count = 0; count < 160; count++) {
    reads.push(read(upstream));
    if (count % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(lost(await settled(reads))).toBe(0);
  // Without coalescing there would be 160 calls.
  expect(responses.length).toBeLessThan(30);
});

test("the subscribers that joined a hung call get one new call together, also without a new read", async () => {
  const { upstream, responses } = await partlyHung({ timeoutMs: 10_000, maxJoinAgeMs: 500 });
  const scopes = [createScope(), createScope(), createScope()] as const;
  expect(await Promise.all(scopes.map((scope) => read(upstream, scope)))).toEqual([[2], [2], [2]]);
  expect(responses).toHaveLength(2);
  expect(scopes.flatMap(marksOf)).toEqual([
    { keys: 1, rows: 1 },
    { keys: 1, rows: 1 },
    { keys: 1, rows: 1, shared: true },
  ]);
});

test("a single read makes one call, however long it takes", async () => {
  const { upstream, responses } = await partlyHung({ hung: 0, afterMs: 200, maxJoinAgeMs: 10 });
  expect(await read(upstream)).toEqual([1]);
  expect(responses).toHaveLength(1);
});

test("calls of a slow service are shared up to `maxJoinAgeMs`", async () => {
  const { upstream, responses } = await partlyHung({ hung: 0, afterMs: 200, maxJoinAgeMs: 5000 });
  await Promise.all(Array.from({ length: 50 }, () => read(upstream)));
  expect(responses).toHaveLength(1);
});

test("with `maxJoinAgeMs: Infinity` a call is joined at any age", async () => {
  const { upstream, responses } = await partlyHung({ timeoutMs: 300, maxJoinAgeMs: Number.POSITIVE_INFINITY });
  const first = [read(upstream), read(upstream)];
  await vi.waitFor(() => expect(responses).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(lost(await settled([...first, read(upstream)]))).toBe(3);
  expect(responses).toHaveLength(1);
});

test("a hung call is aborted as soon as a newer one has succeeded", async () => {
  const { upstream, responses } = await partlyHung({ timeoutMs: 60_000, maxJoinAgeMs: 500 });
  const reads = [read(upstream), read(upstream)];
  await vi.waitFor(() => expect(responses).toHaveLength(2), 5000);
  expect(await Promise.all(reads)).toEqual([[2], [2]]);
  await vi.waitFor(() => expect(responses[0]?.destroyed).toBe(true));
});

test("when the old call succeeds after all, the subscribers that joined it get its response, and the new call is aborted", async () => {
  const { upstream, responses } = await partlyHung({ hung: 1000, timeoutMs: 60_000, maxJoinAgeMs: 500 });
  const reads = [read(upstream), read(upstream)];
  await vi.waitFor(() => expect(responses.length).toBeGreaterThan(1), 5000);
  responses[0]?.end("[1]");
  expect(await Promise.all(reads)).toEqual([[1], [1]]);
  await vi.waitFor(() => expect(responses[1]?.destroyed).toBe(true));
});

test("a subscriber of two calls that leaves does not affect the others", async () => {
  const { upstream, responses } = await partlyHung({ hung: 1000, timeoutMs: 60_000, maxJoinAgeMs: 500 });
  const [first, second] = [leaving(), leaving()];
  const reads = [read(upstream, first.scope), read(upstream, second.scope), read(upstream)];
  await vi.waitFor(() => expect(responses.length).toBeGreaterThan(1), 5000);
  second.clientLeaves();
  first.clientLeaves();
  await expect(reads[0]).rejects.toBe(first.scope.signal.reason);
  await expect(reads[1]).rejects.toBe(second.scope.signal.reason);
  responses.at(-1)?.end("[2]");
  expect(await reads[2]).toEqual([2]);
  await vi.waitFor(() => expect(responses[0]?.destroyed).toBe(true));
});

test("a hung batch is not joined either: later requests read the same keys again", async () => {
  let calls = 0;
  const upstream = await serve(
    (_request, response) => {
      if (++calls > 1) response.end('[{"id":1}]');
    },
    { timeoutMs: 10_000, maxJoinAgeMs: 500 },
  );
  const load = () =>
    createRestReads(upstream, createScope())
      .oneByKey({
        call: "cities",
        path: "/c",
        keys: repeated("id"),
        body: z.array(z.object({ id: z.number() })),
        keyOf: (row) => row.id,
      })
      .load(1);
  expect(await Promise.all([load(), load(), load()])).toEqual(Array(3).fill({ id: 1 }));
  expect(calls).toBe(2);
});
