import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Lockstep } from "../../../src/commands/calls/lockstep.ts";

/** The work of a call between its start and its end. */
type Work = () => Promise<unknown>;

/** A source whose calls are held by a lockstep. `steps` and `causes` have the step and the cause of each call. */
function steppedSource(lockstep = new Lockstep<string>()) {
  const steps = new Map<string, number>();
  const causes = new Map<string, string | undefined>();
  const call = async (name: string, work: Work = () => Promise.resolve()): Promise<void> => {
    await lockstep.hold(name);
    const released = lockstep.begin();
    if (!released) throw new Error(`${name} began, but was not released.`);
    steps.set(released.origin, released.step);
    causes.set(released.origin, released.after?.origin);
    await work();
    released.end();
  };
  return { lockstep, call, steps, causes };
}

const stepsOf = async (run: (call: ReturnType<typeof steppedSource>["call"]) => Promise<unknown>) => {
  const { lockstep, call, steps } = steppedSource();
  await lockstep.drive(run(call));
  return Object.fromEntries(steps);
};

describe("the step of a call is the length of the longest chain that ends with it", () => {
  test("calls that wait for nothing are one step", async () => {
    expect(await stepsOf((call) => Promise.all([call("a"), call("b"), call("c")]))).toEqual({ a: 1, b: 1, c: 1 });
  });

  test("each call of a chain is one step", async () => {
    const chain = await stepsOf(async (call) => {
      await call("a");
      await call("b");
      await call("c");
    });
    expect(chain).toEqual({ a: 1, b: 2, c: 3 });
  });

  test("a call that waits for two chains is one step after the longer one", async () => {
    const diamond = await stepsOf(async (call) => {
      await call("top");
      await Promise.all([call("short"), call("long").then(() => call("longer"))]);
      await call("bottom");
    });
    expect(diamond).toEqual({ top: 1, short: 2, long: 2, longer: 3, bottom: 4 });
  });

  test("however long it takes to prepare a call", async () => {
    const { lockstep, call, steps } = steppedSource();
    const prepared = async (name: string, milliseconds: number) => {
      const work = delay(milliseconds);
      lockstep.waitFor(work);
      await work;
      await call(name);
    };
    await lockstep.drive(Promise.all([prepared("slow", 60), call("ready"), prepared("quick", 5)]));
    expect(Object.fromEntries(steps)).toEqual({ slow: 1, ready: 1, quick: 1 });
  });

  test("however slow a source is", async () => {
    const slow = await stepsOf((call) =>
      Promise.all([
        call("slow", () => delay(30)).then(() => call("after slow")),
        call("fast").then(() => call("after fast")),
      ]),
    );
    expect(slow).toEqual({ slow: 1, fast: 1, "after slow": 2, "after fast": 2 });
  });

  test("also when it takes more than a second", async () => {
    const slow = await stepsOf((call) =>
      Promise.all([
        call("slow", () => delay(1200)).then(() => call("after slow")),
        call("fast")
          .then(() => call("after fast"))
          .then(() => call("last")),
      ]),
    );
    expect(slow).toEqual({ slow: 1, fast: 1, "after slow": 2, "after fast": 2, last: 3 });
  });

  test("for any calls that wait for any others", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const { lockstep, call, steps, causes } = steppedSource();
        await lockstep.drive(runGraph(graph, call));
        expect(Object.fromEntries(steps)).toEqual(Object.fromEntries(longestPaths(graph)));
        for (const [name, cause] of causes) {
          expect(cause === undefined ? 0 : steps.get(cause), `${name} after ${cause}`).toBe((steps.get(name) ?? 0) - 1);
          if (cause !== undefined) expect(graph[Number(name)]?.waitsFor.map(String)).toContain(cause);
        }
      }),
      { numRuns: 100, seed: 20261122 },
    );
  });
});

describe("no call is held for ever", () => {
  test("a call that depends on a held one gets its result after the timeout", async () => {
    const { lockstep, call, steps } = steppedSource(new Lockstep({ callTimeoutMs: 20 }));
    const inner = Promise.withResolvers<void>();
    const outer = call("outer", () => inner.promise);
    await lockstep.drive(Promise.all([outer, call("inner").then(inner.resolve)]));
    expect(Object.fromEntries(steps)).toEqual({ outer: 1, inner: 1 });
  });

  test("a released call that never begins does not block the others", async () => {
    const { lockstep, call, steps } = steppedSource(new Lockstep({ callTimeoutMs: 20 }));
    await lockstep.drive(Promise.all([lockstep.hold("needs no call"), call("other")]));
    expect(Object.fromEntries(steps)).toEqual({ other: 1 });
  });

  test("a call that is still held when the work has settled is released, and has no step", async () => {
    const { lockstep, steps } = steppedSource();
    const { promise, resolve } = Promise.withResolvers<void>();
    await lockstep.drive(
      (async () => {
        void lockstep.hold("late").then(resolve);
      })(),
    );
    await promise;
    expect(lockstep.begin()).toBeUndefined();
    await lockstep.hold("later still");
    expect(steps.size).toBe(0);
  });

  test("drive fulfils also when the work rejects", async () => {
    const work = Promise.reject(new Error("boom"));
    await expect(new Lockstep().drive(work)).resolves.toBeUndefined();
    await expect(work).rejects.toThrow("boom");
  });
});

test("a call that did not await `beforeCall` has no step", () => {
  expect(new Lockstep().begin()).toBeUndefined();
});

/** A call that starts when the earlier calls `waitsFor` have ended. */
interface GraphCall {
  readonly waitsFor: readonly number[];
  /** Its duration, in event-loop iterations. */
  readonly iterations: number;
}

const graphs: fc.Arbitrary<readonly GraphCall[]> = fc
  .array(fc.record({ picks: fc.array(fc.nat(), { maxLength: 3 }), iterations: fc.nat(3) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((calls) =>
    calls.map(({ picks, iterations }, index) => ({
      waitsFor: index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))],
      iterations,
    })),
  );

function runGraph(graph: readonly GraphCall[], call: (name: string, work: Work) => Promise<void>): Promise<unknown> {
  const running: Promise<void>[] = [];
  for (const [index, { waitsFor, iterations }] of graph.entries()) {
    const before = Promise.all(waitsFor.map((other) => running[other]));
    const work = async () => {
      for (let iteration = 0; iteration < iterations; iteration += 1) await delay(0);
    };
    running.push(before.then(() => call(String(index), work)));
  }
  return Promise.all(running);
}

function longestPaths(graph: readonly GraphCall[]): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const [index, { waitsFor }] of graph.entries()) {
    lengths.set(String(index), 1 + Math.max(0, ...waitsFor.map((other) => lengths.get(String(other)) ?? 0)));
  }
  return lengths;
}
