import { expect, test } from "vitest";
import { measureExecution } from "../execution/measure-execution.ts";

const settings = { cores: undefined, rounds: 2, roundMs: 5, warmUpMs: 5, say: () => undefined };

test.each(["loaded", "mutation"] as const)(
  "%s: the gateway's executor answers as graphql-js does, to the byte, and both are timed in rounds",
  async (name) => {
    const results = await measureExecution(name, ["graphql-js", "ours"], settings);
    expect(results.map(({ title, rounds, missing }) => [title, rounds.length, missing])).toEqual([
      ["graphql-js 17", 2, undefined],
      ["Tributary", 2, undefined],
    ]);
    for (const { allocatedBytes } of results) expect(allocatedBytes).toBeGreaterThan(0);
  },
);

test("an executor that has nothing for a case is missing, and the reason is kept", async () => {
  const [, byHand] = await measureExecution("deep", ["graphql-js", "by-hand"], settings);
  expect(byHand).toMatchObject({ rounds: [], missing: "nobody has written this by hand" });
});
