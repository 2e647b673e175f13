import { expect, test } from "vitest";
import { Semaphore } from "../../src/rest/semaphore.ts";

/** The names that were granted a permit, in order. */
function semaphoreOf(permits: number) {
  const semaphore = new Semaphore(permits);
  const granted: string[] = [];
  return { granted, acquire: (name: string) => semaphore.acquire(() => void granted.push(name)) };
}

test("all free permits are granted at once, the others in the order of asking", () => {
  const { granted, acquire } = semaphoreOf(2);
  const release = ["a", "b", "c", "d"].map(acquire);
  expect(granted).toEqual(["a", "b"]);
  release[1]?.();
  expect(granted).toEqual(["a", "b", "c"]);
  release[0]?.();
  expect(granted).toEqual(["a", "b", "c", "d"]);
});

test("a waiter that leaves the queue is not called, and no permit is lost", () => {
  const { granted, acquire } = semaphoreOf(1);
  const release = ["a", "b", "c"].map(acquire);
  release[1]?.();
  release[0]?.();
  expect(granted).toEqual(["a", "c"]);
});

test("a permit is released once, however often it is released", () => {
  const { granted, acquire } = semaphoreOf(1);
  const release = acquire("a");
  release();
  release();
  acquire("b");
  acquire("c");
  expect(granted).toEqual(["a", "b"]);
});
