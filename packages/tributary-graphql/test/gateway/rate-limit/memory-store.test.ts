import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryStore } from "../../../src/gateway/rate-limit/memory-store.ts";

/** A store whose clock the test moves. */
function start(maxKeys?: number) {
  let nowMs = 5_000;
  const store = new MemoryStore({ now: () => nowMs, ...(maxKeys && { maxKeys }) });
  return {
    store,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

const size = { burst: 100, costPerMinute: 60 };

test("a bucket begins full, refuses what it does not hold, and fills with time", () => {
  const { store, pass } = start();
  expect(store.take("a", 100, size)).toEqual({ isTaken: true, available: 0 });
  expect(store.take("a", 1, size)).toEqual({ isTaken: false, available: 0 });
  pass(999);
  expect(store.take("a", 1, size).isTaken).toBe(false);
  pass(1);
  expect(store.take("a", 1, size)).toEqual({ isTaken: true, available: 0 });
  pass(3_600_000);
  expect(store.available("a", size)).toBe(100);
});

test("clients have buckets of their own", () => {
  const { store } = start();
  store.take("a", 100, size);
  expect(store.take("b", 100, size).isTaken).toBe(true);
});

test("a refund never fills a bucket above its burst, and debts end at minus the burst", () => {
  const { store } = start();
  expect(store.charge("a", -50, size)).toBe(100);
  store.take("a", 10, size);
  expect(store.charge("a", -50, size)).toBe(100);
  expect(store.charge("a", 500, size)).toBe(-100);
});

test("no client is ever granted more than the burst and what is added with time", () => {
  const step = fc.record({
    ms: fc.nat(20_000),
    cost: fc.integer({ min: 1, max: 120 }),
    /** The share of a granted cost that is put back. */
    refunded: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const sizes = fc.record({
    burst: fc.integer({ min: 1, max: 200 }),
    costPerMinute: fc.integer({ min: 1, max: 5_000 }),
  });
  fc.assert(
    fc.property(sizes, fc.array(step, { minLength: 1, maxLength: 60 }), (bucket, steps) => {
      const { store, pass } = start();
      let used = 0;
      let elapsedMs = 0;
      for (const { ms, cost, refunded } of steps) {
        pass(ms);
        elapsedMs += ms;
        const { isTaken, available } = store.take("a", cost, bucket);
        expect(available).toBeLessThanOrEqual(bucket.burst);
        expect(available).toBeGreaterThanOrEqual(isTaken ? -0.001 : 0);
        if (!isTaken) continue;
        used += cost * (1 - refunded);
        expect(store.charge("a", -cost * refunded, bucket)).toBeLessThanOrEqual(bucket.burst);
        expect(used).toBeLessThanOrEqual(bucket.burst + (elapsedMs * bucket.costPerMinute) / 60_000 + 0.001);
      }
    }),
    { numRuns: 300 },
  );
});

test("buckets that are full again are dropped", () => {
  const { store, pass } = start();
  for (let key = 0; key < 1_000; key++) store.take(`old ${key}`, 1, size);
  expect(store.size).toBe(1_000);
  pass(3_000);
  for (let key = 0; key < 1_000; key++) store.take(`new ${key}`, 1, size);
  expect(store.size).toBeLessThanOrEqual(1_001);
});

test("a client with many addresses fills no memory, and evicts no bucket that was emptied", () => {
  const { store } = start(1_000);
  const throttled = Array.from({ length: 200 }, (_, index) => `throttled ${index}`);
  for (const [index, key] of throttled.entries()) {
    store.take(key, 100, size);
    for (let other = 0; other < 3; other++) store.take(`early ${index} ${other}`, 1, size);
  }
  for (let key = 0; key < 50_000; key++) store.take(`address ${key}`, 1, size);
  expect(store.size).toBeLessThanOrEqual(1_000);
  expect(store.size).toBeGreaterThan(980);
  expect(throttled.filter((key) => store.take(key, 1, size).isTaken)).toEqual([]);
});
