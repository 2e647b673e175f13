import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Charges } from "../../../src/gateway/cluster/messages.ts";
import { tellEveryMs, WorkerStore } from "../../../src/gateway/rate-limit/worker-store.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const size = { burst: 100, costPerMinute: 60 };

/** Workers whose channels are connected, as the primary does it, and the messages that were sent. */
function workers(count: number) {
  const listeners: ((charges: Charges) => void)[] = [];
  const messages: Charges[] = [];
  const stores = Array.from({ length: count }, (_, index) => {
    const channel = {
      send(charges: Charges) {
        messages.push(charges);
        for (const [other, listener] of listeners.entries()) if (other !== index) listener(charges);
      },
      onReceive(listener: (charges: Charges) => void) {
        listeners[index] = listener;
      },
    };
    return new WorkerStore(channel, size, { now: () => 0 });
  });
  return { stores, messages };
}

test("what a client takes from one worker is gone at the others shortly afterwards", () => {
  const { stores } = workers(3);
  expect(stores[0]?.take("a", 60, size)).toEqual({ isTaken: true, available: 40 });
  expect(stores[0]?.charge("a", -10, size)).toBe(50);
  vi.advanceTimersByTime(tellEveryMs);
  for (const store of stores) {
    expect(store.available("a", size)).toBe(50);
    expect(store.take("a", 60, size)).toEqual({ isTaken: false, available: 50 });
  }
});

test("a client that asks several workers at the same time is in debt for what it was granted too much", () => {
  const { stores } = workers(2);
  for (const store of stores) expect(store.take("a", 100, size).isTaken).toBe(true);
  vi.advanceTimersByTime(tellEveryMs);
  for (const store of stores) expect(store.available("a", size)).toBe(-100);
});

test("the others are told in one message, of each client that was charged, and of no other one", () => {
  const { stores, messages } = workers(2);
  for (let time = 0; time < 50; time++) stores[0]?.take("a", 1, size);
  stores[0]?.take("b", 5, size);
  stores[0]?.take("c", 5, size);
  stores[0]?.charge("c", -5, size);
  stores[0]?.take("a", 100, size);
  vi.advanceTimersByTime(10 * tellEveryMs);
  expect(messages).toEqual([
    [
      ["a", 50],
      ["b", 5],
    ],
  ]);
});
