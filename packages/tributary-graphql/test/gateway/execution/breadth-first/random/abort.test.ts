import fc from "fast-check";
import {
  AbortedGraphQLExecutionError,
  type ExecutionArgs,
  type ExecutionResult,
  execute as graphqlExecute,
} from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { execute } from "../under-test.ts";
import { type Scenario, scenarios } from "./choices.ts";
import type { FakeApp } from "./fake-app.ts";
import { timeLimitMs } from "./fuzz.ts";
import { argumentsOf, type Execute, observe, prepareScenario } from "./observe.ts";
import { rejections } from "./rejections.ts";
import { pathText } from "./response-positions.ts";
import { valueText } from "./value-text.ts";

/** As in `fuzz.test.ts`. */
const { EXECUTE_SEED = "20261125", EXECUTE_RUNS = "600", EXECUTE_PATH } = process.env;
const runs = Number(EXECUTE_RUNS);
const reason = new Error("enough");

beforeAll(() => rejections.listen());
afterAll(() => rejections.stopListening());

const asynchronous = scenarios.filter(({ behaviour }) => behaviour.isAsync);

test.each([
  ["the executor under test", execute],
  ["graphql-js itself", graphqlExecute],
])(
  "whenever it is aborted, %s ends at once, calls nothing more, ends its lists, and keeps what it has",
  {
    timeout: timeLimitMs(runs) + 20_000,
  },
  async (_name, executor) => {
    const met = { aborted: 0, complete: 0, partial: 0 };
    const property = fc.asyncProperty(asynchronous, fc.nat(25), async (scenario, ticks) => {
      const kind = await checkAbort(executor, scenario, ticks);
      if (kind !== undefined) met[kind]++;
    });
    await fc.assert(property, {
      seed: Number(EXECUTE_SEED),
      numRuns: runs,
      interruptAfterTimeLimit: timeLimitMs(runs),
      markInterruptAsFailure: true,
      ...(EXECUTE_PATH && { path: EXECUTE_PATH }),
    });
    if (EXECUTE_PATH) return;
    expect(met.aborted).toBeGreaterThan(runs / 10);
    expect(met.partial).toBeGreaterThan(runs / 20);
    expect(met.complete).toBeGreaterThan(runs / 10);
  },
);

test.each([
  ["an executor that ignores the signal", ({ abortSignal: _, ...args }: ExecutionArgs) => graphqlExecute(args)],
  ["an executor that keeps running in the background", keepsRunning],
  ["an executor without a partial result", hasNothing],
])("a mutant is found: %s", async (_name, executor) => {
  const property = fc.asyncProperty(asynchronous, fc.nat(25), async (scenario, ticks) => {
    const kind = await checkAbort(executor, scenario, ticks);
    if (kind === "complete") expect(await checkAbort(graphqlExecute, scenario, ticks)).toBe("complete");
  });
  const { failed } = await fc.check(property, { seed: Number(EXECUTE_SEED), numRuns: runs, endOnFailure: true });
  expect(failed).toBe(true);
});

/** Has the result of graphql-js, and does not stop its work. */
function keepsRunning({ abortSignal, ...args }: ExecutionArgs): ReturnType<Execute> {
  const answer = graphqlExecute(args);
  if (!(answer instanceof Promise)) return answer;
  const aborted = Promise.withResolvers<never>();
  abortSignal?.addEventListener("abort", () => aborted.reject(new AbortedGraphQLExecutionError(reason, answer)));
  aborted.promise.catch(() => undefined);
  return Promise.race([answer, aborted.promise]);
}

/** Drops the partial result. */
async function hasNothing(args: ExecutionArgs): Promise<ExecutionResult> {
  try {
    return await graphqlExecute(args);
  } catch (error) {
    throw error instanceof AbortedGraphQLExecutionError
      ? new AbortedGraphQLExecutionError(reason, { data: null })
      : error;
  }
}

/** Aborts after so many microtasks, and checks the outcome. */
async function checkAbort(executor: Execute, scenario: Scenario, ticks: number) {
  const prepared = prepareScenario(scenario);
  const [run] = scenario.runs;
  if (!run) return undefined;
  const full = await observe(graphqlExecute, prepared, run);
  // Rejections that graphql-js does not handle are not tested here.
  if (full.unhandled.length > 0) return undefined;
  const controller = new AbortController();
  const { app, args } = argumentsOf(prepared, run);
  const outcome = Promise.resolve(executor({ ...args, abortSignal: controller.signal })).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  for (let tick = 0; tick < ticks; tick++) await undefined;
  controller.abort(reason);
  const callsBefore = callsOf(app);
  const { result, error } = await outcome;
  expect(callsOf(app), "calls after the abort").toBe(callsBefore);
  await app.idle();
  expect(callsOf(app), "calls after the abort").toBe(callsBefore);
  rejections.take();
  if (!error) {
    if (!full.result?.errors) expect(valueText(result?.data)).toBe(valueText(full.result?.data));
    return "complete";
  }
  if (!(error instanceof AbortedGraphQLExecutionError)) throw error;
  expect(error.cause).toBe(reason);
  const partial: ExecutionResult = await error.abortedResult;
  assertPart(partial, full.result?.data);
  assertListsEnded(app);
  return partial.data && Object.keys(partial.data).length > 0 ? "partial" : "aborted";
}

const callsOf = ({ recorder }: FakeApp): number =>
  recorder.calls.filter(({ kind }) => kind === "resolve" || kind === "method").length;

/** Values of a partial result are those of the whole result. A missing one is null, with an error at or below its position. */
function assertPart({ data, errors = [] }: ExecutionResult, whole: unknown): void {
  const errorPaths = errors.map(({ path }) => `${pathText(["", ...(path ?? [])])}.`);
  const compare = (part: unknown, other: unknown, path: readonly (string | number)[]): void => {
    if (other === null || other === undefined) return;
    if (part === null) {
      const isExplained = errorPaths.some((one) => one.startsWith(`${pathText(path)}.`));
      expect(isExplained, `an error for the null at ${pathText(path)}, among ${errorPaths}`).toBe(true);
      return;
    }
    if (typeof part !== "object" || part === undefined) {
      expect(part, pathText(path)).toBe(other);
      return;
    }
    expect(Object.keys(part), pathText(path)).toEqual(Object.keys(other));
    for (const [key, value] of Object.entries(part)) compare(value, Reflect.get(other, key), [...path, key]);
  };
  compare(data, whole, [""]);
}

/** An asynchronous list that was opened came to its end, or was closed, once. */
function assertListsEnded({ recorder: { uses } }: FakeApp): void {
  for (const [use, opened] of uses) {
    if (!use.startsWith("open ")) continue;
    const id = use.slice("open ".length);
    const [ended, returned] = [uses.get(`end ${id}`) ?? 0, uses.get(`return ${id}`) ?? 0];
    expect(ended + returned, `ends of ${id}`).toBeGreaterThanOrEqual(opened);
    expect(returned, `returns of ${id}`).toBeLessThanOrEqual(opened);
  }
}
