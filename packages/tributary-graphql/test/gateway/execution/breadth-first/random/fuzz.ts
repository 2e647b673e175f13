import fc from "fast-check";
import { printSchema } from "graphql";
import { type Checked, checkScenario } from "./check-scenario.ts";
import { type Scenario, scenarios } from "./choices.ts";
import { type Execute, prepareScenario } from "./observe.ts";
import { rejections } from "./rejections.ts";

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** The only scenario to run, as a failure prints it. */
  readonly path?: string | undefined;
  /** Whether promises take other times for the executor under test than for graphql-js. */
  readonly hasOtherTiming?: boolean;
  /** Whether to search the smallest scenario that fails. */
  readonly isShrunk?: boolean;
}

export interface FuzzResult {
  readonly met: readonly Checked[];
  /** The failure, and how to reproduce it; undefined for none. */
  readonly failure: string | undefined;
  /** How many scenarios were run until one failed. */
  readonly runs: number;
}

/** How long so many runs may take, with the search for the smallest that fails. */
export const timeLimitMs = (runs: number): number => 60_000 + runs * 100;

/** Executes random scenarios with graphql-js and with this executor, until the two differ. */
export async function fuzz(execute: Execute, options: FuzzOptions): Promise<FuzzResult> {
  const { runs, seed, path, hasOtherTiming = false, isShrunk = true } = options;
  const met: Checked[] = [];
  // Most scenarios contain errors, whose stack traces would take much of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  rejections.listen();
  try {
    const property = fc.asyncProperty(scenarios, async (scenario) => {
      const latencySeed = hasOtherTiming ? scenario.latencySeed + 100 : scenario.latencySeed;
      met.push(...(await checkScenario(execute, scenario, latencySeed)));
    });
    const details = await fc.check(property, {
      seed,
      numRuns: runs,
      endOnFailure: !isShrunk,
      // Reports a failure in time, even if it could still be shrunk.
      interruptAfterTimeLimit: timeLimitMs(runs),
      ...(path && { path }),
    });
    if (details.interrupted && !details.failed) return { met, failure: "More time was needed.", runs: details.numRuns };
    return { met, failure: details.failed ? failureText(details) : undefined, runs: details.numRuns };
  } finally {
    rejections.stopListening();
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function failureText({ seed, counterexamplePath, counterexample, errorInstance }: fc.RunDetails<[Scenario]>): string {
  const [found] = counterexample ?? [];
  const again = `One scenario fails. Again: EXECUTE_SEED=${seed} EXECUTE_PATH=${counterexamplePath}`;
  if (!found) return `${again}\n${errorInstance}`;
  return [
    again,
    String(errorInstance),
    `behaviour ${JSON.stringify(found.behaviour)}, latencySeed ${found.latencySeed}`,
    printSchema(prepareScenario(found).schema),
  ].join("\n");
}
