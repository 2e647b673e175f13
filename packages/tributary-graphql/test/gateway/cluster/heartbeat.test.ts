import { expect, test } from "vitest";
import { isHung, type MonitoredWorker } from "../../../src/gateway/cluster/heartbeat.ts";

const settings = { everyMs: 2, missesAllowed: 3 };

/** A worker that replies to this number of pings, and calls `then` for each further one. */
function fakeWorker(replies: number, then: () => Promise<void>, rest: Partial<MonitoredWorker> = {}) {
  const pings = { count: 0 };
  const ping = () => (++pings.count > replies ? then() : Promise.resolve());
  return { pings, worker: { ping, isDebugged: false, isReachable: true, ...rest } };
}

const noReply = () => new Promise<void>(() => {});
const exit = () => Promise.reject(new Error("Worker 1 exited."));

test("a worker is pinged repeatedly, and is hung when it stops replying", async () => {
  const { worker, pings } = fakeWorker(5, noReply);
  expect(await isHung(worker, settings)).toBe(true);
  expect(pings.count).toBe(6);
});

test("a worker that replies late, but within the waits, is not hung", async () => {
  const late = Promise.withResolvers<void>();
  let pings = 0;
  const ping = () => (++pings === 1 ? late.promise : exit());
  const hung = isHung({ ping, isDebugged: false, isReachable: true }, { everyMs: 2, missesAllowed: 1_000_000 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  late.resolve();
  expect(await hung).toBe(false);
  expect(pings).toBe(2);
});

test("a worker that exits is not hung", async () => {
  expect(await isHung(fakeWorker(2, exit).worker, settings)).toBe(false);
});

test("a worker that closes has closed its channel, and is not hung", async () => {
  expect(await isHung(fakeWorker(2, noReply, { isReachable: false }).worker, settings)).toBe(false);
});

test("a worker that a debugger has paused is not hung", async () => {
  const exited = Promise.withResolvers<void>();
  const { worker } = fakeWorker(1, () => exited.promise, { isDebugged: true });
  const hung = isHung(worker, settings);
  expect(await Promise.race([hung, new Promise((resolve) => setTimeout(resolve, 50, "still waiting"))])).toBe(
    "still waiting",
  );
  exited.reject(new Error("Worker 1 exited."));
  expect(await hung).toBe(false);
});
