import type { OperationTypeNode } from "graphql";
import type { ErrorCode } from "../../../core/error-codes.ts";
import { Durations } from "./durations.ts";
import { counter, type Figures, histogram } from "./figures.ts";
import type { OperationNames } from "./operation-names.ts";

/**
 * - `ok`: data without errors
 * - `partial`: data, and errors beside it
 * - `error`: executed, without data
 * - `refused`: not executed
 * - `aborted`: the client left before the response was complete
 */
const outcomes = ["ok", "partial", "error", "refused", "aborted"] as const;

export interface EndedRequest {
  readonly operationName: string | undefined;
  /** Undefined for a request that was refused before its operation was selected. */
  readonly operationType: OperationTypeNode | undefined;
  readonly outcome: (typeof outcomes)[number];
  readonly durationMs: number;
  /** How many errors of each code the client got. */
  readonly codes: ReadonlyMap<ErrorCode, number> | undefined;
}

interface OperationCounts {
  readonly outcomes: Map<EndedRequest["outcome"], number>;
  readonly durations: Durations;
}

/** Counts the requests that have ended. */
export class RequestMetrics {
  readonly #names: OperationNames;
  readonly #byOperation = new Map<string, OperationCounts>();
  readonly #refused = new Map<ErrorCode, number>();
  readonly #errors = new Map<ErrorCode, number>();

  constructor(names: OperationNames) {
    this.#names = names;
  }

  recordRequest({ operationName, operationType, outcome, durationMs, codes }: EndedRequest): void {
    const counts = this.#countsOf(this.#names.labelOf(operationName, operationType));
    counts.outcomes.set(outcome, (counts.outcomes.get(outcome) ?? 0) + 1);
    // One that lives for hours says nothing of how fast requests are answered.
    if (operationType !== "subscription") counts.durations.add(durationMs);
    if (codes !== undefined) this.#addCodes(codes, outcome);
  }

  figures(): Figures[] {
    const operations = [...this.#byOperation];
    return [
      counter(
        "tributary_requests_total",
        "Requests that have ended, by operation and outcome.",
        operations.flatMap(([operation, counts]) =>
          outcomes.flatMap((outcome) => {
            const value = counts.outcomes.get(outcome);
            return value === undefined ? [] : [{ labels: { operation, outcome }, value }];
          }),
        ),
      ),
      histogram(
        "tributary_request_duration_seconds",
        "From the head of a request to its complete response, without subscriptions.",
        operations.map(([operation, { durations }]) => [{ operation }, durations]),
      ),
      counter("tributary_refused_requests_total", "Requests that were not executed, by code.", byCode(this.#refused)),
      counter("tributary_errors_total", "Errors that clients got, by code.", byCode(this.#errors)),
    ];
  }

  #countsOf(operation: string): OperationCounts {
    const known = this.#byOperation.get(operation);
    if (known !== undefined) return known;
    const counts = { outcomes: new Map(), durations: new Durations() };
    this.#byOperation.set(operation, counts);
    return counts;
  }

  #addCodes(codes: ReadonlyMap<ErrorCode, number>, outcome: EndedRequest["outcome"]): void {
    for (const [code, count] of codes) this.#errors.set(code, (this.#errors.get(code) ?? 0) + count);
    const [first] = codes.keys();
    if (outcome === "refused" && first !== undefined) this.#refused.set(first, (this.#refused.get(first) ?? 0) + 1);
  }
}

const byCode = (counts: ReadonlyMap<ErrorCode, number>) =>
  Array.from(counts, ([code, value]) => ({ labels: { code }, value }));
