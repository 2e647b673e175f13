import { appPaths } from "../app-paths.ts";
import { pluralize } from "../markdown.ts";
import { longestChain } from "./chain.ts";
import { type Finding, finding } from "./finding.ts";
import type { ObservedCall } from "./lockstep-call-log.ts";
import type { Measurement } from "./measure.ts";
import { chainLines, originsOf, times } from "./origin-text.ts";
import { type CallSummary, longestOf, type OperationSummary, summaryOf } from "./summary.ts";

const accept = "If this is intended: npx tributary calls record";

/** Findings about an operation that exceeds its record. `npx tributary calls record` accepts all of them. */
export function recordFindings(measurement: Measurement, recorded: OperationSummary | undefined): Finding[] {
  const { operation, runs } = measurement;
  const summary = summaryOf(measurement);
  if (!recorded) return [finding(operation, `not recorded yet: ${costText(summary)}.`, [acceptNew()], true)];
  const all = runs.flatMap(({ small, large }) => [large.calls, small.calls]);
  const whole = [...moreCalls(all, summary, recorded), ...longerChain(all, summary, recorded)];
  if (!summary.firstPayload && !recorded.firstPayload) {
    return whole.map((one) => finding(operation, one.sentence, one.details, true));
  }
  // Without incremental delivery the first payload is the whole result.
  const first = summary.firstPayload
    ? runs.flatMap(({ small, large }) => [large.firstPayloadCalls, small.firstPayloadCalls])
    : all;
  const now = summary.firstPayload ?? summary;
  const earlier = recorded.firstPayload ?? recorded;
  const firstPayload = [...moreCalls(first, now, earlier), ...longerChain(first, now, earlier)].map(
    ({ sentence, details }) => ({ sentence: `before its first payload, ${sentence}`, details }),
  );
  return [...whole, ...firstPayload].map((one) => finding(operation, one.sentence, one.details, true));
}

const acceptNew = (): string => `Record it: npx tributary calls record, then commit ${appPaths().callRecord}`;

/** `3 calls (countries 2, database 1), longest chain: 2` */
export function costText({ sources, chain }: CallSummary): string {
  const total = Object.values(sources).reduce((sum, count) => sum + count, 0);
  if (total === 0) return "no calls";
  const each = Object.entries(sources).map(([source, count]) => `${source} ${count}`);
  return `${pluralize(total, "call")} (${each.join(", ")}), longest chain: ${chain.length}`;
}

interface Excess {
  readonly sentence: string;
  readonly details: readonly string[];
}

function moreCalls(runs: readonly (readonly ObservedCall[])[], now: CallSummary, recorded: CallSummary): Excess[] {
  const details = Object.entries(now.calls)
    .filter(([name, count]) => count > (recorded.calls[name] ?? 0))
    .map(
      ([name, count]) =>
        `${name} is called ${times(count)}, ${recordedTimes(recorded.calls[name])}: ${callers(runs, name, count)}`,
    );
  return details.length === 0 ? [] : [{ sentence: "more calls than recorded.", details: [...details, accept] }];
}

const recordedTimes = (count: number | undefined): string =>
  count === undefined ? "but is not recorded" : `but recorded ${times(count)}`;

/** The fields that make these calls, of the run with the most of them. */
function callers(runs: readonly (readonly ObservedCall[])[], name: string, count: number): string {
  const calls = runs.map((run) => run.filter((call) => call.name === name)).find(({ length }) => length === count);
  return `by ${originsOf(calls ?? []).join("; by ")}`;
}

function longerChain(runs: readonly (readonly ObservedCall[])[], now: CallSummary, recorded: CallSummary): Excess[] {
  if (now.chain.length <= recorded.chain.length) return [];
  const lines = chainLines(longestChain(longestOf(runs)));
  return [
    {
      sentence: `its longest chain of dependent calls has ${pluralize(now.chain.length, "call")}; recorded: ${recorded.chain.length}.`,
      details: [...lines, accept],
    },
  ];
}
