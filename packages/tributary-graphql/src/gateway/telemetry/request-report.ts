import { OperationTypeNode } from "graphql";
import type { Logger } from "pino";
import type { CallLog } from "../../core/call-log.ts";
import type { ErrorCode } from "../../core/error-codes.ts";
import type { Ending } from "../request/request-lifetime.ts";
import type { ClientInfo } from "./client-info.ts";
import type { RequestMetrics } from "./metrics/request-metrics.ts";

/**
 * - `ok`: data without errors
 * - `partial`: data, and errors beside it
 * - `error`: no data
 * - `aborted`: the client left before the answer was complete; a subscription never is, it ends when its client leaves
 */
export type Outcome = "ok" | "partial" | "error" | "aborted";

/** The parts of a log line that the report does not have. */
export interface ReportedRequest {
  readonly id: string;
  readonly logger: Logger;
  readonly lifetime: { readonly ending: Ending | undefined };
  readonly calls: Pick<CallLog, "countBySource">;
  /** Undefined before the operation was validated. */
  readonly cost: { readonly knownEstimate: number | undefined } | undefined;
}

/** Collects the fields of a request's log line. Texts of queries and variables are left out: they are private. */
export class RequestReport {
  readonly #startedAt = performance.now();
  readonly #client: ClientInfo | undefined;
  readonly #metrics: RequestMetrics | undefined;
  #library: ClientInfo | undefined;
  #codes: Map<ErrorCode, number> | undefined;
  #operationName: string | undefined;
  #operationType: OperationTypeNode | undefined;
  #executedBy: string | undefined;
  #fallback: string | undefined;
  #hasData = false;
  #isExecuted = false;
  #isStream = false;
  #payloads = 0;
  #firstPayloadMs: number | undefined;

  /**
   * @param client as it calls itself outside of its operation
   * @param metrics counts the request when it has ended. Default: it is not counted
   */
  constructor(client?: ClientInfo, metrics?: RequestMetrics) {
    this.#client = client;
    this.#metrics = metrics;
  }

  /** The library that the operation names. Logged where the client has no name of its own. */
  setClientLibrary(library: ClientInfo | undefined): void {
    this.#library = library;
  }

  /** The client chooses the name, so a long one is cut. */
  setOperation(name: string | undefined, type: OperationTypeNode): void {
    this.#operationName = name?.slice(0, 100);
    this.#operationType = type;
  }

  /** The operation is executed by another request, for this one too. */
  setExecutedBy({ id, report }: { readonly id: string; readonly report: RequestReport }): void {
    this.#executedBy = id;
    this.#operationName = report.#operationName;
    this.#operationType = report.#operationType;
    this.#library = report.#library;
  }

  /** The operation is executed for this request after all. */
  setExecutedItself(): void {
    this.#executedBy = undefined;
  }

  /** The reason of the fallback to graphql-js. */
  setFallback(reason: string): void {
    this.#fallback = reason;
  }

  get operationType(): OperationTypeNode | undefined {
    return this.#operationType;
  }

  /** The answer is delivered in payloads from here on: the line has their number, and the time of the first one. */
  startStream(): void {
    this.#isStream = true;
  }

  get isStream(): boolean {
    return this.#isStream;
  }

  addPayload({ data }: { readonly data?: unknown }): void {
    this.#payloads += 1;
    if (this.#isStream) this.#firstPayloadMs ??= this.#elapsedMs();
    // A result without `data` is that of a request error: nothing was executed (GraphQL, section 7.1.2).
    this.#isExecuted ||= data !== undefined;
    this.#hasData ||= data !== undefined && data !== null;
  }

  addError(code: ErrorCode): void {
    this.#codes ??= new Map();
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  /** Counts the request, and writes the line, with the gateway's logger: a child logger for one line would cost as much as the line. */
  write({ id, logger, lifetime, calls, cost }: ReportedRequest, status: number): void {
    const outcome = this.#outcome(lifetime.ending);
    this.#count(outcome);
    if (!logger.isLevelEnabled("info")) return;
    const client = this.#client ?? this.#library;
    const stream = this.#isStream ? { payloads: this.#payloads, firstPayloadMs: this.#firstPayloadMs } : undefined;
    logger.info(
      {
        id,
        operationName: this.#operationName,
        operationType: this.#operationType,
        clientName: client?.name,
        clientVersion: client?.version,
        durationMs: this.#elapsedMs(),
        status,
        outcome,
        cost: cost?.knownEstimate,
        calls: calls.countBySource(),
        errors: this.#codes && Object.fromEntries(this.#codes),
        ...stream,
        ...(this.#fallback !== undefined && { fallback: this.#fallback }),
        ...(this.#executedBy !== undefined && { coalesced: true, executedBy: this.#executedBy }),
      },
      "request",
    );
  }

  #outcome(ending: Ending | undefined): Outcome {
    const isSubscription = this.#isStream && this.#operationType === OperationTypeNode.SUBSCRIPTION;
    if (ending === "client-gone" && !isSubscription) return "aborted";
    if (this.#codes === undefined) return "ok";
    return this.#hasData ? "partial" : "error";
  }

  #count(outcome: Outcome): void {
    this.#metrics?.recordRequest({
      operationName: this.#operationName,
      operationType: this.#operationType,
      outcome: outcome === "error" && !this.#isExecuted ? "refused" : outcome,
      durationMs: performance.now() - this.#startedAt,
      codes: this.#codes,
    });
  }

  #elapsedMs(): number {
    return Math.round((performance.now() - this.#startedAt) * 100) / 100;
  }
}
