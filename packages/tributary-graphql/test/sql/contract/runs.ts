import type fc from "fast-check";

/**
 * Where every property of the contract starts from. One seed for all, so that each database is given the same tables and
 * asked the same: what equals the model on each of them equals the others' answers too.
 *
 * A failure prints its seed and path. Set both to see it again, the seed alone to see its run again:
 *
 *     PROPERTY_SEED=1234 PROPERTY_PATH=7:0:2 npx vitest run packages/tributary-graphql/test/sql/contract -t "on sqlite one by key"
 *
 * `PROPERTY_FACTOR=20` runs each property twenty times as often.
 */
const seed = integerOf("PROPERTY_SEED") ?? Date.now() % 2 ** 31;
const path = process.env.PROPERTY_PATH;
const factor = integerOf("PROPERTY_FACTOR") ?? 1;

const timeLimitMs = 60_000 * factor;

/** How a property is run: `numRuns` times, and at most a minute with the search for the smallest failure. */
export const runs = (numRuns: number): fc.Parameters<unknown> => ({
  seed,
  numRuns: numRuns * factor,
  ...(path && { path }),
  interruptAfterTimeLimit: timeLimitMs,
  markInterruptAsFailure: true,
});

/** For the test around it: longer than its property may take. */
export const propertyTimeoutMs = timeLimitMs + 30_000;

function integerOf(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value))
    throw new Error(`${name}: expected an integer, got ${JSON.stringify(text)}.`);
  return value;
}
