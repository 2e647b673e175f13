import fc from "fast-check";
import { expect, test } from "vitest";
import { Flight } from "../../../datasources/rest/flight.ts";
import { Places } from "../../../datasources/rest/places.ts";

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
  readonly waiting: Set<Waiting>;
  isOver: boolean;
  settle(outcome: number | Error): void;
}

interface Waiting {
  readonly question: number;
  readonly controller: AbortController;
  departures: number;
  outcome: unknown;
}

/** Flights by question, as an upstream has them, over calls that the test ends. */
function airport(placeCount: number, turnCount: number) {
  const places = new Places(placeCount);
  const turns = [0, 1, 2, 3].map(() => new Places(turnCount));
  const flights = new Map<number, Flight<number>>();
  const calls: Call[] = [];
  const waiting: Waiting[] = [];
  const flightOf = (question: number) => {
    const known = flights.get(question);
    if (known) return known;
    const flight: Flight<number> = new Flight({
      places,
      call: (signal) => {
        const { promise, resolve, reject } = Promise.withResolvers<number>();
        const settle = (outcome: number | Error) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
        calls.push({ question, signal, waiting: new Set(), isOver: false, settle });
        return promise;
      },
      onOver: () => flights.delete(question),
    });
    flights.set(question, flight);
    return flight;
  };
  const join = (question: number, request: number) => {
    const waiter: Waiting = { question, controller: new AbortController(), departures: 0, outcome: undefined };
    waiting.push(waiter);
    const onDeparture = () => void waiter.departures++;
    const turn = turns[request];
    if (!turn) throw new Error("no such request");
    flightOf(question)
      .wait({ signal: waiter.controller.signal, turns: turn, onDeparture })
      .then(
        (answer) => {
          waiter.outcome = answer;
        },
        (error: unknown) => {
          waiter.outcome = error;
        },
      );
  };
  return { places, turns, flights, calls, waiting, join };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("whoever joins, leaves and fails in whatever order: no call too many, none without a waiter, no place is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 2 }),
      async (steps, placeCount, turnCount) => {
        const port = airport(placeCount, turnCount);
        const underWay = () => port.calls.filter(({ isOver, signal }) => !isOver && !signal.aborted);
        for (const [index, one] of steps.entries()) {
          if (one.kind === "join") port.join(one.question, one.request);
          if (one.kind === "leave") port.waiting[one.waiter]?.controller.abort(new Error(`left ${one.waiter}`));
          if (one.kind === "answer" || one.kind === "fail") {
            const call = port.calls[one.call];
            if (call && !call.isOver && !call.signal.aborted) {
              call.isOver = true;
              call.settle(one.kind === "answer" ? index : new Error(`failed ${index}`));
              await settled();
            }
          }
          if (one.kind === "tick") await settled();
          expect(underWay().length).toBeLessThanOrEqual(placeCount);
          const questions = underWay().map(({ question }) => question);
          expect(new Set(questions).size).toBe(questions.length);
        }
        await settled();
        // Everyone who is still there gets an answer, as soon as the service gives one.
        for (let round = 0; port.flights.size > 0; round++) {
          if (round > steps.length) throw new Error("someone waits for ever");
          for (const call of underWay()) {
            expect(
              port.waiting.some((waiter) => waiter.question === call.question && waiter.outcome === undefined),
            ).toBe(true);
            call.isOver = true;
            call.settle(-1);
          }
          await settled();
        }
        for (const { outcome, controller, departures } of port.waiting) {
          expect(outcome).not.toBe(undefined);
          expect(departures).toBeLessThanOrEqual(1);
          if (typeof outcome === "number") expect(departures).toBe(1);
          const hasLeft = outcome instanceof Error && outcome.message.startsWith("left");
          if (hasLeft) expect(outcome).toBe(controller.signal.reason);
        }
        for (const [all, count] of [
          [port.places, placeCount],
          ...port.turns.map((turn) => [turn, turnCount] as const),
        ] as const) {
          let free = 0;
          for (let taken = 0; taken < count; taken++) all.take(() => void free++);
          expect(free).toBe(count);
        }
      },
    ),
    { seed: 20261122, numRuns: 400 },
  );
});
