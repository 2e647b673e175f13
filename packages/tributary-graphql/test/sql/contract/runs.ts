import type fc from "fast-check";

/**
 * The seed of every property of the contract. All databases have the same seed, so they get the same tables and requests:
 * if each equals the model, all have the same results.
 *
 * A failure prints its seed and path. Set both to repeat the failure, the seed alone to repeat all cases:
 *
 *     PROPERTY_SEED=1234 PROPERTY_PATH=7:0:2 npx vitest run packages/tributary-graphql/test/sql/contract -t "on sqlite one by key"
 *
 * `PROPERTY_FACTOR=20` generates twenty times as many cases per property.
 */
const seed = integerOf("PROPERTY_SEED") ?? Date.now() % 2 ** 31;
const path = process.env.PROPERTY_PATH;
const factor = integerOf("PROPERTY_FACTOR") ?? 1;

const timeLimitMs = 60_000 * factor;

/** Parameters of a property: `numRuns` cases, and at most a minute including shrinking. */
export const runs = (numRuns: number): fc.Parameters<unknown> => ({
  seed,
  numRuns: numRuns * factor,
  ...(path && { path }),
  interruptAfterTimeLimit: timeLimitMs,
  markInterruptAsFailure: true,
});

/** The timeout of a test: longer than that of its property. */
export const propertyTimeoutMs = timeLimitMs + 30_000;

function integerOf(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value))
    throw new Error(`${name}: expected an integer, got ${JSON.stringify(text)}.`);
  return value;
}
