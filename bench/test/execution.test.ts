import { expect, test } from "vitest";
import { measureExecution } from "../execution/measure-execution.ts";

const settings = { cores: undefined, rounds: 2, roundMs: 5, warmUpMs: 5, log: () => undefined };

test.each(["loaded", "mutation"] as const)(
  "measureExecution times graphql-js and the gateway's executor in rounds, with equal results, for the case %s",
  async (name) => {
    const results = await measureExecution(name, ["graphql-js", "ours"], settings);
    expect(results.map(({ title, rounds, missing }) => [title, rounds.length, missing])).toEqual([
      ["graphql-js 17", 2, undefined],
      ["Tributary", 2, undefined],
    ]);
    for (const { allocatedBytes } of results) expect(allocatedBytes).toBeGreaterThan(0);
  },
);

test("measureExecution returns the reason for an executor that does not support the case", async () => {
  const [, byHand] = await measureExecution("deep", ["graphql-js", "by-hand"], settings);
  expect(byHand).toMatchObject({ rounds: [], missing: "there is no code by hand for this case" });
});
