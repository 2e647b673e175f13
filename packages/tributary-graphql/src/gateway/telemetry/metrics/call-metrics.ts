import type { CallObserver, EndedCall } from "../../../core/call-log.ts";
import { Durations } from "./durations.ts";
import { counter, type Figures, histogram } from "./figures.ts";

/** The most calls with series of their own. An app whose names of calls are not constant would otherwise fill the memory. */
const maxCalls = 500;

/**
 * - `ok`: a round trip to the source
 * - `failed`: it failed, timed out, or was aborted
 * - `cached`: the HTTP cache had the response
 * - `shared`: a pending call of another request was joined
 * - `stale`: the source failed, and the HTTP cache had an older response
 */
type Result = "ok" | "failed" | "cached" | "shared" | "stale";

interface CallCounts {
  readonly labels: { readonly source: string; readonly call: string };
  readonly results: Map<Result, number>;
  readonly durations: Durations;
}

/** Counts the calls to sources that have ended. */
export class CallMetrics implements CallObserver {
  readonly #bySource = new Map<string, Map<string, CallCounts>>();
  #size = 0;

  onCall(ended: EndedCall): void {
    const result = resultOf(ended);
    const counts = this.#countsOf(ended.source, ended.call);
    counts.results.set(result, (counts.results.get(result) ?? 0) + 1);
    if (result === "ok" || result === "failed") counts.durations.add(ended.durationMs);
  }

  figures(): Figures[] {
    const calls = [...this.#bySource.values()].flatMap((byCall) => [...byCall.values()]);
    return [
      counter(
        "tributary_source_calls_total",
        "Calls to sources that have ended, by result.",
        calls.flatMap(({ labels, results }) =>
          Array.from(results, ([result, value]) => ({ labels: { ...labels, result }, value })),
        ),
      ),
      histogram(
        "tributary_source_call_duration_seconds",
        "Round trips to sources, failed ones too.",
        calls.map(({ labels, durations }) => [labels, durations]),
      ),
    ];
  }

  #countsOf(source: string, call: string): CallCounts {
    const known = this.#bySource.get(source)?.get(call);
    if (known !== undefined) return known;
    if (this.#size >= maxCalls && source !== other) return this.#countsOf(other, other);
    const counts = { labels: { source, call }, results: new Map(), durations: new Durations() };
    const byCall = this.#bySource.get(source) ?? new Map<string, CallCounts>();
    this.#bySource.set(source, byCall.set(call, counts));
    this.#size++;
    return counts;
  }
}

const other = "other";

function resultOf({ failed, marks }: EndedCall): Result {
  if (failed) return "failed";
  if (marks === undefined) return "ok";
  if (marks.stale) return "stale";
  if (marks.cached) return "cached";
  return marks.shared ? "shared" : "ok";
}
