import { validateExecutionArgs } from "graphql";
import { describe, expect, test } from "vitest";
import { fuzz, timeLimitMs } from "./fuzz.ts";
import { mutantExecutors } from "./mutant-executors.ts";
import { mutantWrappers } from "./mutant-wrappers.ts";
import type { Execute } from "./observe.ts";

const seed = 20261125;
/** As many as for the executor under test. */
const runs = 3_000;

describe("a mutant is found within as many runs as CI has", { timeout: timeLimitMs(runs) + 20_000 }, () => {
  test.each(Object.entries(mutantExecutors))("%s", async (_mistake, Executor) => {
    await expectFound((args) => {
      const validated = validateExecutionArgs(args);
      return "schema" in validated ? new Executor(validated).executeRootSelectionSet() : { errors: validated };
    });
  });

  test.each(Object.entries(mutantWrappers))("%s", async (_mistake, execute) => {
    await expectFound(execute);
  });
});

async function expectFound(execute: Execute): Promise<void> {
  const { failure } = await fuzz(execute, { runs, seed, isShrunk: false });
  expect(failure).toContain("DifferentResult");
}
