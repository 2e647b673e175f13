import fc from "fast-check";
import { printSchema } from "graphql";
import { type Checked, checkSituation } from "./check-situation.ts";
import { type Situation, situations } from "./choices.ts";
import { type Execute, setStage } from "./observe.ts";
import { rejections } from "./rejections.ts";

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** The one situation to run, as a failure prints it. */
  readonly path?: string | undefined;
  /** Whether promises take other times for the executor under test than for graphql-js. */
  readonly hasOtherTiming?: boolean;
  /** Whether the smallest situation that fails is looked for. */
  readonly isShrunk?: boolean;
}

export interface Fuzzed {
  readonly met: readonly Checked[];
  /** What failed, and how to see it again; undefined when nothing did. */
  readonly failure: string | undefined;
  /** How many situations were run until one failed. */
  readonly runs: number;
}

/** How long so many runs may take, with the search for the smallest that fails. */
export const timeLimitMs = (runs: number): number => 60_000 + runs * 100;

/** Executes random situations with graphql-js and with this executor, until the two are not alike. */
export async function fuzz(execute: Execute, options: FuzzOptions): Promise<Fuzzed> {
  const { runs, seed, path, hasOtherTiming = false, isShrunk = true } = options;
  const met: Checked[] = [];
  // Most situations fail somewhere, and stack traces that nobody reads would take much of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  rejections.listen();
  try {
    const property = fc.asyncProperty(situations, async (situation) => {
      const latencySeed = hasOtherTiming ? situation.latencySeed + 100 : situation.latencySeed;
      met.push(...(await checkSituation(execute, situation, latencySeed)));
    });
    const details = await fc.check(property, {
      seed,
      numRuns: runs,
      endOnFailure: !isShrunk,
      // A failure is told while there is time, however far it could still be made smaller.
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

function failureText({ seed, counterexamplePath, counterexample, errorInstance }: fc.RunDetails<[Situation]>): string {
  const [found] = counterexample ?? [];
  const again = `One situation fails. Again: EXECUTE_SEED=${seed} EXECUTE_PATH=${counterexamplePath}`;
  if (!found) return `${again}\n${errorInstance}`;
  return [
    again,
    String(errorInstance),
    `behaviour ${JSON.stringify(found.behaviour)}, latencySeed ${found.latencySeed}`,
    printSchema(setStage(found).schema),
  ].join("\n");
}
