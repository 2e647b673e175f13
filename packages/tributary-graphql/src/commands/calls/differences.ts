import { pluralize } from "../markdown.ts";
import { costText } from "./record-findings.ts";
import type { CallSummary, OperationSummary } from "./summary.ts";

type Summaries = Readonly<Record<string, OperationSummary>>;

/** How the calls of one operation differ from earlier ones. */
export interface CallDifference {
  readonly operation: string;
  /** `more` if the number of any call or the longest chain has increased, even if others have decreased. */
  readonly kind: "new" | "gone" | "more" | "fewer";
  /** One text per difference, `database.capitals: 1 call, was 2`. */
  readonly lines: readonly string[];
}

/** The operations whose calls differ, sorted by name. Two different chains of the same length are no difference. */
export function differencesBetween(earlier: Summaries, now: Summaries): CallDifference[] {
  const names = [...new Set([...Object.keys(earlier), ...Object.keys(now)])].sort();
  return names.flatMap((operation) => {
    const before = earlier[operation];
    const after = now[operation];
    if (!after) return { operation, kind: "gone", lines: [] } as const;
    if (!before) return { operation, kind: "new", lines: [costText(after)] } as const;
    return difference(operation, before, after) ?? [];
  });
}

function difference(operation: string, before: OperationSummary, after: OperationSummary): CallDifference | undefined {
  const changes = [...changesIn(before, after), ...firstPayloadChanges(before, after)];
  if (changes.length === 0) return undefined;
  return {
    operation,
    kind: changes.some(({ isMore }) => isMore) ? "more" : "fewer",
    lines: changes.map(({ text }) => text),
  };
}

interface Change {
  readonly text: string;
  readonly isMore: boolean;
}

function firstPayloadChanges(
  { firstPayload: before }: OperationSummary,
  { firstPayload: after }: OperationSummary,
): Change[] {
  if (!before && !after) return [];
  if (!before || !after) {
    return [{ text: after ? "now delivered incrementally" : "no longer delivered incrementally", isMore: !after }];
  }
  return changesIn(before, after).map(({ text, isMore }) => ({ text: `before its first payload, ${text}`, isMore }));
}

function changesIn(before: CallSummary, after: CallSummary): Change[] {
  const names = [...new Set([...Object.keys(before.calls), ...Object.keys(after.calls)])].sort();
  return [
    ...names.flatMap((name) => change(name, before.calls[name] ?? 0, after.calls[name] ?? 0)),
    ...change("the longest chain", before.chain.length, after.chain.length),
  ];
}

const change = (subject: string, before: number, after: number): Change[] =>
  before === after ? [] : [{ text: `${subject}: ${pluralize(after, "call")}, was ${before}`, isMore: after > before }];
