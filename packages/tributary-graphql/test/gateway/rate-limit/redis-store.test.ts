import { pino } from "pino";
import { needsRedis, type RedisServer, startRedis } from "tributary-testing/redis-server.ts";
import type { LogLine } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { RedisStore } from "../../../src/gateway/rate-limit/redis-store.ts";

/** Fills so slowly that nothing is added while a test runs. */
const size = { burst: 1_000, costPerMinute: 0.001 };

async function open(redis: Pick<RedisServer, "url">, prefix?: string) {
  const lines: LogLine[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const store = await RedisStore.open({ url: redis.url, logger, ...(prefix && { prefix }) });
  onTestFinished(() => store.close());
  return { store, lines, messages: () => lines.map(({ msg }) => msg) };
}

const lost = "Redis cannot be used: each process limits rates by itself";
const back = "Redis can be used again: rate limits are shared";

describe("buckets in Redis", () => {
  needsRedis();

  test("are shared by processes: what one has taken, the other one does not have", async () => {
    const redis = await startRedis();
    const [one, other] = [await open(redis), await open(redis)];
    expect(await one.store.take("a", 900, size)).toEqual({ isTaken: true, available: expect.closeTo(100) });
    expect(await other.store.take("a", 200, size)).toEqual({ isTaken: false, available: expect.closeTo(100) });
    expect(await other.store.take("b", 200, size)).toEqual({ isTaken: true, available: expect.closeTo(800) });
    expect([one, other].map(({ lines }) => lines)).toEqual([[], []]);
  });

  test("have the prefix of their app", async () => {
    const redis = await startRedis();
    const [one, other] = [await open(redis, "one:"), await open(redis, "other:")];
    expect(await one.store.take("a", 1_000, size)).toEqual({ isTaken: true, available: expect.closeTo(0) });
    expect(await other.store.take("a", 1_000, size)).toEqual({ isTaken: true, available: expect.closeTo(0) });
  });

  test("grant exactly the burst to concurrent requests of several processes", async () => {
    const redis = await startRedis();
    const stores = [await open(redis), await open(redis), await open(redis)];
    const takes = await Promise.all(
      Array.from({ length: 600 }, (_, index) => stores[index % 3]?.store.take("a", 7, size)),
    );
    expect(takes.filter((take) => take?.isTaken)).toHaveLength(Math.floor(1_000 / 7));
  });

  test("take a refund back, never above the burst, and debts down to minus the burst", async () => {
    const redis = await startRedis();
    const { store } = await open(redis);
    await store.take("a", 500, size);
    expect(store.charge("a", -200, size)).toBeCloseTo(700);
    expect(await store.take("a", 0, size)).toEqual({ isTaken: true, available: expect.closeTo(700) });
    store.charge("a", -5_000, size);
    expect(await store.take("a", 0, size)).toEqual({ isTaken: true, available: expect.closeTo(1_000) });
    store.charge("a", 5_000, size);
    expect(await store.take("a", 0, size)).toEqual({ isTaken: false, available: expect.closeTo(-1_000) });
  });

  test("fill with the time of Redis, and expire when they are full", async () => {
    const redis = await startRedis();
    const { store } = await open(redis);
    const fast = { burst: 20, costPerMinute: 60_000 };
    expect(await store.take("a", 20, fast)).toMatchObject({ isTaken: true });
    await expect.poll(async () => (await store.take("a", 20, fast)).isTaken).toBe(true);
  });

  test("go on in memory while Redis is stopped, from where they were, and are shared again when it is back", async () => {
    const redis = await startRedis();
    const { store, lines, messages } = await open(redis);
    expect(await store.take("a", 600, size)).toEqual({ isTaken: true, available: expect.closeTo(400) });
    await redis.stop();
    await expect.poll(() => store.isShared).toBe(false);
    expect(store.take("a", 600, size)).toMatchObject({ isTaken: false });
    expect(store.take("a", 300, size)).toMatchObject({ isTaken: true });
    await redis.start();
    await expect.poll(() => store.isShared, { timeout: 10_000 }).toBe(true);
    expect(await store.take("a", 600, size)).toMatchObject({ isTaken: true });
    expect(messages()).toEqual([lost, back]);
    expect(lines[0]).toMatchObject({ level: 40, err: { message: expect.any(String) } });
  });

  test("hold no request up for longer than 100 ms when Redis does not answer, and no further one at all", async () => {
    const redis = await startRedis();
    const { store, messages } = await open(redis);
    await store.take("a", 600, size);
    redis.pause();
    const begun = performance.now();
    const [first, second] = await Promise.all([store.take("a", 300, size), store.take("a", 300, size)]);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect([first, second]).toEqual([
      { isTaken: true, available: expect.closeTo(100) },
      { isTaken: false, available: expect.closeTo(100) },
    ]);
    expect(store.take("a", 50, size)).not.toBeInstanceOf(Promise);
    expect(messages()).toEqual([lost]);
    redis.resume();
    await expect.poll(() => store.isShared, { timeout: 10_000 }).toBe(true);
    expect(messages()).toEqual([lost, back]);
  });

  test("are in memory while Redis takes no writes, although it answers", async () => {
    const redis = await startRedis();
    const admin = await open(redis);
    await admin.store.take("a", 100, size);
    const { createClient } = await import("@redis/client");
    const client = createClient({ url: redis.url });
    await client.connect();
    onTestFinished(() => client.destroy());
    await client.configSet("maxmemory", "1");
    expect(await admin.store.take("a", 100, size)).toEqual({ isTaken: true, available: expect.closeTo(800) });
    expect(admin.store.isShared).toBe(false);
    await client.configSet("maxmemory", "0");
    await expect.poll(() => admin.store.isShared, { timeout: 10_000 }).toBe(true);
  });
});

test("a store whose Redis cannot be reached at the start limits in memory, and says so once", async () => {
  const { store, messages } = await open({ url: "redis://127.0.0.1:1" });
  expect(store.take("a", 1_000, size)).toEqual({ isTaken: true, available: expect.closeTo(0) });
  expect(store.take("a", 1, size)).toMatchObject({ isTaken: false });
  expect(messages()).toEqual([lost]);
});
