import { counted } from "../markdown.ts";
import { costWords } from "./record-findings.ts";
import type { CallSummary, OperationSummary } from "./summary.ts";

type Summaries = Readonly<Record<string, OperationSummary>>;

/** How the calls of one operation differ from earlier ones. */
export interface CallDifference {
  readonly operation: string;
  /** `more` when anything grew, a call or a chain; `fewer` when something shrank and nothing grew. */
  readonly kind: "new" | "gone" | "more" | "fewer";
  /** Each as a few words, `database.capitals: 1 call, was 2`. */
  readonly lines: readonly string[];
}

/** The operations whose calls differ, by name. Which of several longest chains is recorded makes no difference. */
export function differencesBetween(earlier: Summaries, now: Summaries): CallDifference[] {
  const names = [...new Set([...Object.keys(earlier), ...Object.keys(now)])].sort();
  return names.flatMap((operation) => {
    const before = earlier[operation];
    const after = now[operation];
    if (!after) return { operation, kind: "gone", lines: [] } as const;
    if (!before) return { operation, kind: "new", lines: [costWords(after)] } as const;
    return difference(operation, before, after) ?? [];
  });
}

function difference(operation: string, before: OperationSummary, after: OperationSummary): CallDifference | undefined {
  const changes = [...changesIn(before, after), ...firstPayloadChanges(before, after)];
  if (changes.length === 0) return undefined;
  return {
    operation,
    kind: changes.some(({ isMore }) => isMore) ? "more" : "fewer",
    lines: changes.map(({ words }) => words),
  };
}

interface Change {
  readonly words: string;
  readonly isMore: boolean;
}

function firstPayloadChanges(
  { firstPayload: before }: OperationSummary,
  { firstPayload: after }: OperationSummary,
): Change[] {
  if (!before && !after) return [];
  if (!before || !after) {
    return [{ words: after ? "parts of it follow later now" : "no part of it follows later any more", isMore: !after }];
  }
  return changesIn(before, after).map(({ words, isMore }) => ({ words: `before its first payload, ${words}`, isMore }));
}

function changesIn(before: CallSummary, after: CallSummary): Change[] {
  const names = [...new Set([...Object.keys(before.calls), ...Object.keys(after.calls)])].sort();
  return [
    ...names.flatMap((name) => change(name, before.calls[name] ?? 0, after.calls[name] ?? 0)),
    ...change("the longest chain", before.chain.length, after.chain.length),
  ];
}

const change = (what: string, before: number, after: number): Change[] =>
  before === after ? [] : [{ words: `${what}: ${counted(after, "call")}, was ${before}`, isMore: after > before }];
