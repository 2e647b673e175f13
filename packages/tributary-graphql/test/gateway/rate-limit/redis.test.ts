import { pino } from "pino";
import { needsRedis, type RedisServer, startRedis } from "tributary-testing/redis-server.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import type { BucketTake } from "../../../src/gateway/rate-limit/rate-limit-store.ts";
import { RedisStore } from "../../../src/gateway/rate-limit/redis-store.ts";
import { type PathName, pathNames } from "../paths/support/three-paths.ts";
import { transports } from "../subscriptions/support/transports.ts";
import { limitedToy } from "./support/limited-toy.ts";
import { json, queryBody, requests } from "./support/requests.ts";

/** A gateway whose buckets are in Redis, and fill so slowly that nothing is added while a test runs. */
async function start(path: PathName, redis: RedisServer, burst = 3) {
  const store = await RedisStore.open({ url: redis.url, logger: pino({ level: "silent" }) });
  onTestFinished(() => store.close());
  return { ...(await limitedToy(path, { costPerMinute: 0.001, burst, store })), store };
}

const post = (url: string, query: string) => fetch(url, { method: "POST", headers: json, body: queryBody(query) });

describe.each(pathNames)("two gateways on the path %s with buckets in Redis", (path) => {
  needsRedis();

  test.each(requests)("limit %s together", async (_, send) => {
    const redis = await startRedis();
    const [one, other] = [await start(path, redis), await start(path, redis)];
    for (const [{ url }, left] of [
      [one, 2],
      [other, 1],
      [one, 0],
    ] as const) {
      const response = await send(url);
      expect([response.status, response.headers.get("ratelimit")]).toEqual([
        200,
        expect.stringContaining(`"cost";r=${left};`),
      ]);
      await response.text();
    }
    const before = { ...other.calls };
    const refused = await send(other.url);
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain('"code":"RATE_LIMITED"');
    expect(other.calls).toEqual(before);
  });

  test.each(transports)("charge each event of a subscription over $name", async ({ subscribe }) => {
    const redis = await startRedis();
    const { url } = await start(path, redis);
    const results = [];
    for await (const result of subscribe(url, "subscription { ticks }")) results.push(result);
    expect(results.map(({ data }) => data?.ticks)).toEqual([1, 2, undefined, undefined, undefined]);
    expect(results[2]?.errors).toMatchObject([{ extensions: { code: "RATE_LIMITED" } }]);
  });

  test("go on while Redis is stopped, each by itself", async () => {
    const redis = await startRedis();
    const [one, other] = [await start(path, redis), await start(path, redis)];
    await (await post(one.url, "{ a }")).text();
    await redis.stop();
    await expect.poll(() => [one.store.isShared, other.store.isShared]).toEqual([false, false]);
    const statuses = [];
    for (const { url } of [one, one, one, other]) {
      const response = await post(url, "{ a }");
      await response.text();
      statuses.push(response.status);
    }
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  test("answer while Redis does not, and each waits at most once", async () => {
    const redis = await startRedis();
    const { url } = await start(path, redis);
    redis.pause();
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await post(url, "{ a }")).status));
    expect(statuses.sort()).toEqual([200, 200, 200, 429]);
    redis.resume();
  });
});

test("identical queries that wait for the store at the same time are executed once", async () => {
  const count = 20;
  const all = Promise.withResolvers<BucketTake>();
  let asked = 0;
  const take = () => {
    asked += 1;
    if (asked === count) all.resolve({ isTaken: true, available: 1 });
    return all.promise;
  };
  const { url, calls } = await limitedToy("fast", { store: { take, charge: () => 1, available: () => 1 } });
  const bodies = await Promise.all(Array.from({ length: count }, async () => (await post(url, "{ later }")).text()));
  expect(new Set(bodies)).toEqual(new Set(['{"data":{"later":1}}']));
  expect(calls.later).toBe(1);
});

test.each(pathNames)(
  "a mutation whose deadline passes while the store is asked is not executed, on the path %s",
  async (path) => {
    const take = () => new Promise<BucketTake>((resolve) => setTimeout(resolve, 60, { isTaken: true, available: 1 }));
    const store = { take, charge: () => 1, available: () => 1 };
    const { url, calls } = await limitedToy(path, { store }, { requestTimeoutMs: 20 });
    const response = await post(url, "mutation { set }");
    expect(await response.text()).toContain('"code":"DEADLINE_EXCEEDED"');
    expect(calls.set).toBe(0);
  },
);
