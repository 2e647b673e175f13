import { validateExecutionArgs } from "graphql";
import { describe, expect, test } from "vitest";
import { fuzz, timeLimitMs } from "./fuzz.ts";
import type { Execute } from "./observe.ts";
import { plantedExecutors } from "./planted-executors.ts";
import { plantedWrappers } from "./planted-wrappers.ts";

const seed = 20261125;
/** As many as are run against the executor. */
const runs = 3_000;

describe("a mistake is found within the runs that CI makes", { timeout: timeLimitMs(runs) + 20_000 }, () => {
  test.each(Object.entries(plantedExecutors))("%s", async (_mistake, Executor) => {
    await expectFound((args) => {
      const validated = validateExecutionArgs(args);
      return "schema" in validated ? new Executor(validated).executeRootSelectionSet() : { errors: validated };
    });
  });

  test.each(Object.entries(plantedWrappers))("%s", async (_mistake, execute) => {
    await expectFound(execute);
  });
});

async function expectFound(execute: Execute): Promise<void> {
  const { failure } = await fuzz(execute, { runs, seed, isShrunk: false });
  expect(failure).toContain("UnlikeAnswer");
}
