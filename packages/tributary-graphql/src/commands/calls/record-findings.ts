import { pathsOfApp } from "../app-paths.ts";
import { counted } from "../markdown.ts";
import { longestChain } from "./chain.ts";
import { type Finding, finding } from "./finding.ts";
import type { ObservedCall } from "./held-call-log.ts";
import type { Measurement } from "./measure.ts";
import { type CallSummary, longestOf, type OperationSummary, summaryOf } from "./summary.ts";
import { chainLines, originsOf, times } from "./words.ts";

const accept = "If that is meant: npx tributary calls record";

/** How an operation goes beyond what is recorded for it. `npx tributary calls record` accepts each of these. */
export function recordFindings(measurement: Measurement, recorded: OperationSummary | undefined): Finding[] {
  const { operation, runs } = measurement;
  const summary = summaryOf(measurement);
  if (!recorded) return [finding(operation, `not recorded yet: ${costWords(summary)}.`, [acceptNew()], true)];
  const all = runs.flatMap(({ small, large }) => [large.calls, small.calls]);
  const whole = [...moreCalls(all, summary, recorded), ...longerChain(all, summary, recorded)];
  if (!summary.firstPayload && !recorded.firstPayload) {
    return whole.map((one) => finding(operation, one.sentence, one.details, true));
  }
  // Of an operation that is one answer, or was recorded as one, the first payload is the whole.
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

const acceptNew = (): string => `Keep it so: npx tributary calls record, and commit ${pathsOfApp().callRecord}`;

/** `3 calls (countries 2, database 1), the longest chain 2` */
export function costWords({ sources, chain }: CallSummary): string {
  const total = Object.values(sources).reduce((sum, count) => sum + count, 0);
  if (total === 0) return "no calls";
  const each = Object.entries(sources).map(([source, count]) => `${source} ${count}`);
  return `${counted(total, "call")} (${each.join(", ")}), the longest chain ${chain.length}`;
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
  count === undefined ? "which is not recorded" : `recorded is ${times(count)}`;

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
      sentence: `${counted(now.chain.length, "call")} wait for each other, one after the other; recorded is a chain of ${recorded.chain.length}.`,
      details: [...lines, accept],
    },
  ];
}
