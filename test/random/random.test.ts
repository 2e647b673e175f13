import fc from "fast-check";
import { hash } from "tributary-testing/hash.ts";
import { afterAll, expect, test } from "vitest";
import { schema } from "../../schema/index.ts";
import { type Checked, checkOperation } from "./check-operation.ts";
import { type OperationChoices, operationChoices } from "./choices.ts";
import type { FakeWorld } from "./fake-sources.ts";
import type { Faults } from "./faults.ts";
import { RandomGateway } from "./random-gateway.ts";
import { shrink } from "./shrink.ts";
import { writeOperation } from "./write-operation.ts";

/**
 * How to look further: `RANDOM_RUNS=100000 RANDOM_SEED=42 npx vitest run test/random/random.test.ts`. A failure
 * prints the seed and the path of the operation that failed; given as `RANDOM_PATH`, only that one is run.
 */
const { RANDOM_SEED = "20261122", RANDOM_RUNS = "2000", RANDOM_PATH } = process.env;
const runs = Number(RANDOM_RUNS);

interface Situation {
  readonly choices: OperationChoices;
  readonly faults: Faults;
  /** Chooses how long each kind of call takes; null for all alike. */
  readonly latencySeed: number | null;
}

const mostly = (zeros: number, ...others: number[]) =>
  fc.constantFrom(...Array.from({ length: zeros }, () => 0), ...others);

const situation: fc.Arbitrary<Situation> = fc.record({
  choices: operationChoices,
  faults: fc.record({
    seed: fc.nat(9_999),
    keyPercent: mostly(4, 5, 20),
    propertyPercent: mostly(2, 5, 20),
    callPercent: mostly(6, 15),
  }),
  latencySeed: fc.option(fc.nat(99), { freq: 2 }),
});

function worldOf({ faults, latencySeed }: Situation): FakeWorld {
  return { faults, latencyTurns: (call) => (latencySeed === null ? 1 : hash(`${latencySeed}:${call}`) % 4) };
}

const gateway = new RandomGateway();
// Half of the operations fail somewhere, and stack traces that nobody reads would take a fifth of the time.
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

test("whatever operation is streamed: merged it is the plain answer, in both formats, with no call too many", {
  timeout: 60_000 + runs * 100,
}, async () => {
  const met: Checked[] = [];
  const property = fc.asyncProperty(situation, async (one) => void met.push(await check(one)));
  const details = await fc.check(property, {
    seed: Number(RANDOM_SEED),
    numRuns: runs,
    endOnFailure: true,
    ...(RANDOM_PATH && { path: RANDOM_PATH }),
  });
  if (details.failed) throw new Error(await failureText(details));
  if (RANDOM_PATH) return;
  // A generator that went wrong would otherwise prove nothing, and nobody would see it.
  expect(met.length).toBe(runs);
  expect(met.filter(({ parts }) => parts > 0).length).toBeGreaterThan(runs / 4);
  expect(met.filter(({ failures }) => failures > 0).length).toBeGreaterThan(runs / 500);
  expect(met.filter(({ errors }) => errors > 0).length).toBeGreaterThan(runs / 5);
});

async function check(one: Situation): Promise<Checked> {
  const checked = await checkOperation(gateway, one.choices, worldOf(one), one.latencySeed === null);
  // What nobody listens to is reported when the turn is over; outside of a test it ends the process.
  await new Promise((resolve) => setImmediate(resolve));
  if (rejections.length > 0) throw new Error(`A rejection was not handled: ${rejections.splice(0).join("; ")}`);
  return checked;
}

async function failureText({ seed, counterexamplePath, counterexample, errorInstance }: fc.RunDetails<[Situation]>) {
  const [found] = counterexample ?? [];
  if (found === undefined) return `No operation failed, and yet the run did: ${errorInstance}`;
  const choices = await shrink(
    found.choices,
    async (smaller) => (await failureOf({ ...found, choices: smaller })) !== undefined,
  );
  const { query, variables } = writeOperation(schema, choices, { isIncremental: true });
  return [
    `One operation fails. Again: RANDOM_SEED=${seed} RANDOM_PATH=${counterexamplePath}`,
    query,
    `variables ${JSON.stringify(variables)}, faults ${JSON.stringify(found.faults)}, latencySeed ${found.latencySeed}`,
    String((await failureOf({ ...found, choices })) ?? errorInstance),
  ].join("\n");
}

const failureOf = (one: Situation): Promise<unknown> =>
  check(one).then(
    () => undefined,
    (error: unknown) => error,
  );
