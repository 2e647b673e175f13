import fc from "fast-check";
import { expect, test } from "vitest";
import { Places } from "../../src/rest/places.ts";
import { SharedCalls } from "../../src/rest/shared-calls.ts";

type Step =
  | { readonly kind: "join"; readonly question: number; readonly request: number }
  | { readonly kind: "leave"; readonly waiter: number }
  | { readonly kind: "answer" | "fail"; readonly call: number }
  | { readonly kind: "tick" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("join" as const), question: fc.nat(4), request: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const), waiter: fc.nat(30) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("answer", "fail"), call: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "tick" as const }) },
);

interface Call {
  readonly question: number;
  readonly signal: AbortSignal;
  isOver: boolean;
  settle(outcome: number | Error): void;
}

interface Waiting {
  readonly question: number;
  readonly controller: AbortController;
  /** Whether the call was shared, for each that has begun. */
  readonly departures: boolean[];
  outcome: unknown;
}

/** The calls of a service that the test ends; with `maxJoinAgeMs` 0 every call is too old for whoever comes after it. */
function service(maxConcurrency: number, turnCount: number, maxJoinAgeMs: number) {
  const turns = [0, 1, 2, 3].map(() => new Places(turnCount));
  const shared = new SharedCalls<number>({ maxConcurrency, maxQueue: 1000, maxJoinAgeMs });
  const calls: Call[] = [];
  const waiting: Waiting[] = [];
  const call = (question: number) => (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const settle = (outcome: number | Error) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
    calls.push({ question, signal, isOver: false, settle });
    return promise;
  };
  const join = (question: number, request: number) => {
    const waiter: Waiting = { question, controller: new AbortController(), departures: [], outcome: undefined };
    waiting.push(waiter);
    const turn = turns[request];
    if (!turn) throw new Error("no such request");
    const onDeparture = (isShared: boolean) => void waiter.departures.push(isShared);
    shared.join(String(question), { signal: waiter.controller.signal, turns: turn, onDeparture }, call(question)).then(
      (answer) => {
        waiter.outcome = answer;
      },
      (error: unknown) => {
        waiter.outcome = error;
      },
    );
  };
  return { shared, turns, calls, waiting, join, call };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("whoever joins, leaves and fails in whatever order: no call too many, none without a waiter, no place is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 2 }),
      fc.constantFrom(Number.POSITIVE_INFINITY, 0),
      async (steps, placeCount, turnCount, maxJoinAgeMs) => {
        const { shared, turns, calls, waiting, join, call } = service(placeCount, turnCount, maxJoinAgeMs);
        const underWay = () => calls.filter(({ isOver, signal }) => !isOver && !signal.aborted);
        for (const [index, one] of steps.entries()) {
          if (one.kind === "join") join(one.question, one.request);
          if (one.kind === "leave") waiting[one.waiter]?.controller.abort(new Error(`left ${one.waiter}`));
          if (one.kind === "answer" || one.kind === "fail") {
            const ended = calls[one.call];
            if (ended && !ended.isOver && !ended.signal.aborted) {
              ended.isOver = true;
              ended.settle(one.kind === "answer" ? index : new Error(`failed ${index}`));
              await settled();
            }
          }
          if (one.kind === "tick") await settled();
          expect(underWay().length).toBeLessThanOrEqual(placeCount);
          const questions = underWay().map(({ question }) => question);
          if (maxJoinAgeMs > 0) expect(new Set(questions).size).toBe(questions.length);
        }
        await settled();
        // Everyone who is still there gets an answer, as soon as the service gives one.
        for (let round = 0; waiting.some(({ outcome }) => outcome === undefined); round++) {
          if (round > steps.length) throw new Error("someone waits for ever");
          for (const open of underWay()) {
            const isWaitedFor = ({ question, outcome }: Waiting) => question === open.question && outcome === undefined;
            expect(waiting.some(isWaitedFor)).toBe(true);
            open.isOver = true;
            open.settle(-1);
          }
          await settled();
        }
        for (const { outcome, controller, departures } of waiting) {
          if (typeof outcome === "number") expect(departures.length).toBeGreaterThan(0);
          const hasLeft = outcome instanceof Error && outcome.message.startsWith("left");
          if (hasLeft) expect(outcome).toBe(controller.signal.reason);
        }
        // Each call was made for one waiter, and shared by the others.
        const owners = waiting.flatMap(({ departures }) => departures).filter((isShared) => !isShared);
        expect(owners).toHaveLength(calls.length);
        for (const turn of turns) {
          let free = 0;
          for (let taken = 0; taken < turnCount; taken++) turn.take(() => void free++);
          expect(free).toBe(turnCount);
        }
        const before = calls.length;
        const after = Array.from({ length: placeCount + 1 }, (_, index) => {
          const waiter = { signal: new AbortController().signal, turns: new Places(1), onDeparture: () => undefined };
          return shared.join(`after ${index}`, waiter, call(index));
        });
        expect(calls.length - before).toBe(placeCount);
        for (const open of calls) open.settle(0);
        await Promise.all(after.slice(0, placeCount));
        for (const open of calls) open.settle(0);
        await Promise.all(after);
      },
    ),
    { seed: 20261122, numRuns: 400 },
  );
});
