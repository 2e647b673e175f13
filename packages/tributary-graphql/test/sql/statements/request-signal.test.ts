import { getEventListeners } from "node:events";
import { sql } from "kysely";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test, vi } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import { read } from "../../../src/sql/statements/read.ts";
import { useLibrary } from "../support/library.ts";

describe.each(testDatabases)("on %s", (name) => {
  const library = useLibrary(name);

  test("a request's signal has one listener for all reads, and none after them", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const scope = { calls: new CallLog(), signal };
    const reads = Array.from({ length: 500 }, (_, n) =>
      read(library(), scope, "number", 1, sql<{ n: number }>`select id as n from book where id = ${n}`),
    );
    await vi.waitFor(() => expect(scope.calls.entries).toHaveLength(reads.length));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await Promise.all(reads);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(added).toHaveBeenCalledTimes(1);
  });

  test("the end of a request ends all of its reads", async () => {
    const controller = new AbortController();
    const scope = { calls: new CallLog(), signal: controller.signal };
    const reads = Array.from({ length: 50 }, () => read(library(), scope, "one", 1, sql`select 1`));
    controller.abort(new DOMException("The client has left.", "AbortError"));
    const outcomes = await Promise.allSettled(reads);
    expect(outcomes.map(({ status }) => status)).toEqual(reads.map(() => "rejected"));
    await expect(
      read(library(), { ...scope, signal: new AbortController().signal }, "one", 1, sql`select 1`),
    ).resolves.toHaveLength(1);
  });
});
