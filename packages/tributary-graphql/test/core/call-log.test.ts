import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { CallLog } from "../../src/core/call-log.ts";

describe("an entry of the call log", () => {
  test("has the source, the call, the numbers of keys and rows, the start and the duration", () => {
    const log = new CallLog(performance.now() - 1000);
    log.begin("database", "citiesByCountry", 3).succeed(15);
    const [entry, ...more] = log.entries;
    expect(entry).toEqual({
      source: "database",
      call: "citiesByCountry",
      keys: 3,
      rows: 15,
      startMs: expect.any(Number),
      durationMs: expect.any(Number),
    });
    expect(entry?.startMs).toBeGreaterThanOrEqual(1000);
    expect(entry?.durationMs).toBeGreaterThanOrEqual(0);
    expect(more).toEqual([]);
  });

  test.each(["cached", "shared", "revalidated", "stale"] as const)("is marked if its result was %s", (mark) => {
    const log = new CallLog();
    log.begin("rates", "rates", 1).succeed(1, { [mark]: true });
    log.begin("rates", "rates", 1).succeed(1, { [mark]: false });
    const [marked, plain] = log.entries;
    expect(marked).toMatchObject({ [mark]: true });
    expect(plain).not.toHaveProperty(mark);
  });

  test("can have several marks", () => {
    const log = new CallLog();
    log.begin("rates", "rates", 1).succeed(1, { shared: true, stale: true });
    expect(log.entries[0]).toMatchObject({ shared: true, stale: true });
  });

  test("of a failed call has no rows, and `failed`", () => {
    const log = new CallLog();
    log.begin("sun", "sun", 1).fail();
    expect(log.entries).toMatchObject([{ rows: 0, failed: true }]);
  });

  test("of a running call has the duration so far", () => {
    const log = new CallLog();
    log.begin("sun", "sun", 1);
    const [early] = log.entries;
    let [late] = log.entries;
    while (late && early && late.durationMs <= early.durationMs) [late] = log.entries;
    expect(late).not.toHaveProperty("failed");
  });
});

test("calls are in order of start, and counted by source", () => {
  const log = new CallLog();
  const first = log.begin("database", "cities", 1);
  log.begin("sun", "sun", 1).succeed(1);
  log.begin("database", "capitals", 1).fail();
  first.succeed(1);
  expect(log.entries.map(({ call }) => call)).toEqual(["cities", "sun", "capitals"]);
  expect(log.countBySource()).toEqual({ database: 2, sun: 1 });
});

test("a client's request has no `beforeCall`", () => {
  expect(new CallLog().beforeCall).toBeUndefined();
});

test("a gateway can be given a call log per request, for example one that delays calls", async () => {
  const turns: string[] = [];
  class HeldLog extends CallLog {
    override readonly beforeCall = async (): Promise<void> => {
      turns.push("asked");
    };
  }
  const toy = toyGateway(
    "type Query { city: Int }",
    {
      Query: {
        city: async (_, __, { calls }) => {
          await calls.beforeCall?.();
          calls.begin("database", "cityById", 1).succeed(1);
          return 1;
        },
      },
    },
    { createCallLog: () => new HeldLog() },
  );
  const answer = await toy.ask("{ city }", { headers: { "x-tributary-calls": "1" } });
  expect(turns).toEqual(["asked"]);
  expect(answer.extensions?.calls).toMatchObject([{ source: "database", call: "cityById" }]);
});
