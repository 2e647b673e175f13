import { OperationTypeNode } from "graphql";
import type { Logger } from "pino";
import type { ErrorCode } from "../errors.ts";
import type { Ending } from "../request-lifetime.ts";
import type { CallLog } from "./call-log.ts";

/**
 * - `ok`: data without errors
 * - `partial`: data, and errors beside it
 * - `error`: no data
 * - `aborted`: the client left before the answer was complete; a subscription never is, it ends when its client leaves
 */
export type Outcome = "ok" | "partial" | "error" | "aborted";

/** Gathers what the log line of one request says. Texts of queries and variables are left out: they are private. */
export class RequestReport {
  readonly #startedAt = performance.now();
  readonly #codes = new Map<ErrorCode, number>();
  #operationName: string | undefined;
  #operationType: OperationTypeNode | undefined;
  #hasData = false;
  #isStream = false;
  #payloads = 0;
  #firstPayloadMs: number | undefined;

  /** Names are the client's to choose, so a long one is cut. */
  setOperation(name: string | undefined, type: OperationTypeNode): void {
    this.#operationName = name?.slice(0, 100);
    this.#operationType = type;
  }

  get operationType(): OperationTypeNode | undefined {
    return this.#operationType;
  }

  /** From here on the answer is delivered in payloads: the line says how many, and when the first one was ready. */
  startStream(): void {
    this.#isStream = true;
  }

  get isStream(): boolean {
    return this.#isStream;
  }

  addPayload(hasData: boolean): void {
    this.#payloads += 1;
    this.#firstPayloadMs ??= this.#elapsedMs();
    this.#hasData ||= hasData;
  }

  addError(code: ErrorCode): void {
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  /** Writes the line. */
  write(log: Logger, end: { status: number; ending: Ending | undefined; calls: CallLog }): void {
    const outcome = this.#outcome(end.ending);
    const stream = this.#isStream ? { payloads: this.#payloads, firstPayloadMs: this.#firstPayloadMs } : undefined;
    log.info(
      {
        operationName: this.#operationName,
        operationType: this.#operationType,
        durationMs: this.#elapsedMs(),
        status: end.status,
        outcome,
        calls: end.calls.countBySource(),
        errors: this.#codes.size > 0 ? Object.fromEntries(this.#codes) : undefined,
        ...stream,
      },
      "request",
    );
  }

  #outcome(ending: Ending | undefined): Outcome {
    const isSubscription = this.#isStream && this.#operationType === OperationTypeNode.SUBSCRIPTION;
    if (ending === "client-gone" && !isSubscription) return "aborted";
    if (this.#codes.size === 0) return "ok";
    return this.#hasData ? "partial" : "error";
  }

  #elapsedMs(): number {
    return Math.round((performance.now() - this.#startedAt) * 100) / 100;
  }
}
