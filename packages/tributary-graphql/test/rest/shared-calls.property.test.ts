import fc from "fast-check";
import { expect, test } from "vitest";
import { Semaphore } from "../../src/rest/semaphore.ts";
import { SharedCalls } from "../../src/rest/shared-calls.ts";

type Step =
  | { readonly kind: "join"; readonly key: number; readonly request: number }
  | { readonly kind: "leave"; readonly subscriber: number }
  | { readonly kind: "respond" | "fail"; readonly call: number }
  | { readonly kind: "tick" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("join" as const), key: fc.nat(4), request: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const), subscriber: fc.nat(30) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("respond", "fail"), call: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "tick" as const }) },
);

interface Call {
  readonly key: number;
  readonly signal: AbortSignal;
  isOver: boolean;
  settle(outcome: number | Error): void;
}

interface Subscribed {
  readonly key: number;
  readonly controller: AbortController;
  /** `isShared` of each call that has started. */
  readonly starts: boolean[];
  outcome: unknown;
}

/** The calls of a service that the test ends. With `maxJoinAgeMs` 0 no started call can be joined. */
function service(maxConcurrency: number, requestPermits: number, maxJoinAgeMs: number) {
  const semaphores = [0, 1, 2, 3].map(() => new Semaphore(requestPermits));
  const shared = new SharedCalls<number>({ maxConcurrency, maxQueue: 1000, maxJoinAgeMs });
  const calls: Call[] = [];
  const subscribed: Subscribed[] = [];
  const call = (key: number) => (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const settle = (outcome: number | Error) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
    calls.push({ key, signal, isOver: false, settle });
    return promise;
  };
  const join = (key: number, request: number) => {
    const subscriber: Subscribed = { key, controller: new AbortController(), starts: [], outcome: undefined };
    subscribed.push(subscriber);
    const semaphore = semaphores[request];
    if (!semaphore) throw new Error("no such request");
    const onStart = (isShared: boolean) => void subscriber.starts.push(isShared);
    shared
      .subscribe(String(key), { signal: subscriber.controller.signal, requestSemaphore: semaphore, onStart }, call(key))
      .then(
        (response) => {
          subscriber.outcome = response;
        },
        (error: unknown) => {
          subscriber.outcome = error;
        },
      );
  };
  return { shared, semaphores, calls, subscribed, join, call };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("in any order of joining, leaving and failing: the limits hold, each call has a subscriber, and no permit is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 2 }),
      fc.constantFrom(Number.POSITIVE_INFINITY, 0),
      async (steps, permits, requestPermits, maxJoinAgeMs) => {
        const { shared, semaphores, calls, subscribed, join, call } = service(permits, requestPermits, maxJoinAgeMs);
        const pending = () => calls.filter(({ isOver, signal }) => !isOver && !signal.aborted);
        for (const [index, one] of steps.entries()) {
          if (one.kind === "join") join(one.key, one.request);
          if (one.kind === "leave") subscribed[one.subscriber]?.controller.abort(new Error(`left ${one.subscriber}`));
          if (one.kind === "respond" || one.kind === "fail") {
            const ended = calls[one.call];
            if (ended && !ended.isOver && !ended.signal.aborted) {
              ended.isOver = true;
              ended.settle(one.kind === "respond" ? index : new Error(`failed ${index}`));
              await settled();
            }
          }
          if (one.kind === "tick") await settled();
          expect(pending().length).toBeLessThanOrEqual(permits);
          const keys = pending().map(({ key }) => key);
          if (maxJoinAgeMs > 0) expect(new Set(keys).size).toBe(keys.length);
        }
        await settled();
        // Each remaining subscriber gets a response as soon as the service sends one.
        for (let round = 0; subscribed.some(({ outcome }) => outcome === undefined); round++) {
          if (round > steps.length) throw new Error("a subscriber waits forever");
          for (const open of pending()) {
            const isWaitedFor = ({ key, outcome }: Subscribed) => key === open.key && outcome === undefined;
            expect(subscribed.some(isWaitedFor)).toBe(true);
            open.isOver = true;
            open.settle(-1);
          }
          await settled();
        }
        for (const { outcome, controller, starts } of subscribed) {
          if (typeof outcome === "number") expect(starts.length).toBeGreaterThan(0);
          const hasLeft = outcome instanceof Error && outcome.message.startsWith("left");
          if (hasLeft) expect(outcome).toBe(controller.signal.reason);
        }
        // Each call was made for one subscriber, and shared by the others.
        const owners = subscribed.flatMap(({ starts }) => starts).filter((isShared) => !isShared);
        expect(owners).toHaveLength(calls.length);
        for (const semaphore of semaphores) {
          let free = 0;
          for (let taken = 0; taken < requestPermits; taken++) semaphore.acquire(() => void free++);
          expect(free).toBe(requestPermits);
        }
        const before = calls.length;
        const after = Array.from({ length: permits + 1 }, (_, index) => {
          const subscriber = {
            signal: new AbortController().signal,
            requestSemaphore: new Semaphore(1),
            onStart: () => undefined,
          };
          return shared.subscribe(`after ${index}`, subscriber, call(index));
        });
        expect(calls.length - before).toBe(permits);
        for (const open of calls) open.settle(0);
        await Promise.all(after.slice(0, permits));
        for (const open of calls) open.settle(0);
        await Promise.all(after);
      },
    ),
    { seed: 20261122, numRuns: 400 },
  );
});
