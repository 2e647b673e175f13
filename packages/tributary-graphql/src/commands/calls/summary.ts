import { chainLength, longestChain } from "./chain.ts";
import type { ObservedCall } from "./lockstep-call-log.ts";
import type { Measurement } from "./measure.ts";

/** The calls of an operation to its sources. */
export interface CallSummary {
  /** The number of calls by source. */
  readonly sources: Readonly<Record<string, number>>;
  /** The number of calls by name, `database.citiesByCountry`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly chain: ChainSummary;
}

/** The calls of an operation, and those before its first payload if it is incremental. */
export interface OperationSummary extends CallSummary {
  readonly firstPayload?: CallSummary;
}

export interface ChainSummary {
  /** The number of calls of the longest chain. */
  readonly length: number;
  /** The names of its calls, in order. */
  readonly calls: readonly string[];
}

/** The maximums over all runs of the operation. */
export function summaryOf({ runs }: Measurement): OperationSummary {
  const all = runs.flatMap(({ small, large }) => [large, small]);
  const streams = runs.filter(({ format }) => format === "stream").flatMap(({ small, large }) => [large, small]);
  const whole = mostOf(all.map(({ calls }) => calls));
  if (streams.length === 0) return whole;
  return { ...whole, firstPayload: mostOf(streams.map(({ firstPayloadCalls }) => firstPayloadCalls)) };
}

function mostOf(runs: readonly (readonly ObservedCall[])[]): CallSummary {
  const calls = new Map<string, number>();
  const sources = new Map<string, number>();
  for (const run of runs) {
    raise(
      calls,
      Map.groupBy(run, ({ name }) => name),
    );
    raise(
      sources,
      Map.groupBy(run, ({ source }) => source),
    );
  }
  return { sources: sorted(sources), calls: sorted(calls), chain: chainOf(longestOf(runs)) };
}

/** The run with the longest chain; of several, the first. */
export const longestOf = (runs: readonly (readonly ObservedCall[])[]): readonly ObservedCall[] =>
  runs.toSorted((one, other) => chainLength(other) - chainLength(one))[0] ?? [];

const chainOf = (calls: readonly ObservedCall[]): ChainSummary => ({
  length: chainLength(calls),
  calls: longestChain(calls).map(({ name }) => name),
});

function raise(most: Map<string, number>, groups: ReadonlyMap<string, readonly ObservedCall[]>): void {
  for (const [name, group] of groups) most.set(name, Math.max(group.length, most.get(name) ?? 0));
}

const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
