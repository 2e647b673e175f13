import fc from "fast-check";
import { hash } from "tributary-testing/hash.ts";
import { afterAll, expect, test } from "vitest";
import { schema } from "../../schema/index.ts";
import { type Checked, checkOperation } from "./check-operation.ts";
import { type OperationChoices, operationChoices } from "./choices.ts";
import type { FakeSourceOptions } from "./fake-sources.ts";
import type { Faults } from "./faults.ts";
import { RandomGateway } from "./random-gateway.ts";
import { shrink } from "./shrink.ts";
import { writeOperation } from "./write-operation.ts";

/**
 * For more operations: `RANDOM_RUNS=100000 RANDOM_SEED=42 npx vitest run test/random/random.test.ts`. A failure prints
 * the seed and the path of the failed operation; with `RANDOM_SEED` and `RANDOM_PATH` only that operation is executed.
 */
const { RANDOM_SEED = "20261122", RANDOM_RUNS = "2000", RANDOM_PATH } = process.env;
const runs = Number(RANDOM_RUNS);

interface Scenario {
  readonly choices: OperationChoices;
  readonly faults: Faults;
  /** Selects the latency of each call name; null for equal latencies. */
  readonly latencySeed: number | null;
}

const mostly = (zeros: number, ...others: number[]) =>
  fc.constantFrom(...Array.from({ length: zeros }, () => 0), ...others);

const scenario: fc.Arbitrary<Scenario> = fc.record({
  choices: operationChoices,
  faults: fc.record({
    seed: fc.nat(9_999),
    keyPercent: mostly(4, 5, 20),
    propertyPercent: mostly(2, 5, 20),
    callPercent: mostly(6, 15),
  }),
  latencySeed: fc.option(fc.nat(99), { freq: 2 }),
});

function sourceOptionsOf({ faults, latencySeed }: Scenario): FakeSourceOptions {
  return { faults, latencyTicks: (call) => (latencySeed === null ? 1 : hash(`${latencySeed}:${call}`) % 4) };
}

const gateway = new RandomGateway();
// Half of the operations have errors; creating their stack traces would take a fifth of the time.
const { stackTraceLimit } = Error;
Error.stackTraceLimit = 0;
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => void rejections.push(reason);
process.on("unhandledRejection", onRejection);
afterAll(async () => {
  Error.stackTraceLimit = stackTraceLimit;
  process.off("unhandledRejection", onRejection);
  await gateway.close();
});

test("merging the payloads of any operation gives the result without a stream, in both formats, without additional calls", {
  timeout: 60_000 + runs * 100,
}, async () => {
  const checked: Checked[] = [];
  const property = fc.asyncProperty(scenario, async (one) => void checked.push(await check(one)));
  const details = await fc.check(property, {
    seed: Number(RANDOM_SEED),
    numRuns: runs,
    endOnFailure: true,
    ...(RANDOM_PATH && { path: RANDOM_PATH }),
  });
  if (details.failed) throw new Error(await failureText(details));
  if (RANDOM_PATH) return;
  // Checks that the generator covers parts, failures and errors.
  expect(checked.length).toBe(runs);
  expect(checked.filter(({ parts }) => parts > 0).length).toBeGreaterThan(runs / 4);
  expect(checked.filter(({ failures }) => failures > 0).length).toBeGreaterThan(runs / 500);
  expect(checked.filter(({ errors }) => errors > 0).length).toBeGreaterThan(runs / 5);
});

async function check(one: Scenario): Promise<Checked> {
  const checked = await checkOperation(gateway, one.choices, sourceOptionsOf(one), one.latencySeed === null);
  // Node reports unhandled rejections after the microtasks of an event-loop iteration.
  await new Promise((resolve) => setImmediate(resolve));
  if (rejections.length > 0) throw new Error(`A rejection was not handled: ${rejections.splice(0).join("; ")}`);
  return checked;
}

async function failureText({ seed, counterexamplePath, counterexample, errorInstance }: fc.RunDetails<[Scenario]>) {
  const [found] = counterexample ?? [];
  if (found === undefined) return `The test failed without a failed operation: ${errorInstance}`;
  const choices = await shrink(
    found.choices,
    async (smaller) => (await failureOf({ ...found, choices: smaller })) !== undefined,
  );
  const { query, variables } = writeOperation(schema, choices, { isIncremental: true });
  return [
    `An operation failed. To repeat: RANDOM_SEED=${seed} RANDOM_PATH=${counterexamplePath}`,
    query,
    `variables ${JSON.stringify(variables)}, faults ${JSON.stringify(found.faults)}, latencySeed ${found.latencySeed}`,
    String((await failureOf({ ...found, choices })) ?? errorInstance),
  ].join("\n");
}

const failureOf = (one: Scenario): Promise<unknown> =>
  check(one).then(
    () => undefined,
    (error: unknown) => error,
  );
