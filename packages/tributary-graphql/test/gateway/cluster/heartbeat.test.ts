import { expect, test } from "vitest";
import { isHung, type Pulse } from "../../../src/gateway/cluster/heartbeat.ts";

const settings = { everyMs: 2, missesAllowed: 3 };

/** A worker that answers as often as it is told to, and does `then` after that. */
function worker(answers: number, then: () => Promise<void>, rest: Partial<Pulse> = {}) {
  const asked = { times: 0 };
  const ping = () => (++asked.times > answers ? then() : Promise.resolve());
  return { asked, pulse: { ping, isDebugged: false, isReachable: true, ...rest } };
}

const silence = () => new Promise<void>(() => {});
const end = () => Promise.reject(new Error("Worker 1 ended."));

test("a worker is asked again and again, and is hung once it falls silent", async () => {
  const { pulse, asked } = worker(5, silence);
  expect(await isHung(pulse, settings)).toBe(true);
  expect(asked.times).toBe(6);
});

test("a worker that answers late, but within the waits, is not hung", async () => {
  let answer = () => {};
  const late = () =>
    new Promise<void>((resolve) => {
      answer = resolve;
    });
  let asked = 0;
  const ping = () => (++asked === 1 ? late() : end());
  const verdict = isHung({ ping, isDebugged: false, isReachable: true }, { everyMs: 2, missesAllowed: 1_000_000 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  answer();
  expect(await verdict).toBe(false);
  expect(asked).toBe(2);
});

test("a worker that ends is not hung", async () => {
  expect(await isHung(worker(2, end).pulse, settings)).toBe(false);
});

test("a worker that closes is out of reach, and not hung", async () => {
  expect(await isHung(worker(2, silence, { isReachable: false }).pulse, settings)).toBe(false);
});

test("a worker that a debugger holds is waited for", async () => {
  const gone = Promise.withResolvers<void>();
  const { pulse } = worker(1, () => gone.promise, { isDebugged: true });
  const verdict = isHung(pulse, settings);
  expect(await Promise.race([verdict, new Promise((resolve) => setTimeout(resolve, 50, "still waiting"))])).toBe(
    "still waiting",
  );
  gone.reject(new Error("Worker 1 ended."));
  expect(await verdict).toBe(false);
});
