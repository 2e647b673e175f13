import type { Logger } from "pino";
import type { CallLog } from "./telemetry/call-log.ts";

/** What the gateway knows about one request and hands to whoever makes its context. */
export interface RequestScope {
  /** Unique; in the log line, in `x-request-id`, and in the extensions of a masked error. */
  readonly id: string;
  /** Aborted when the client has gone or the deadline has passed. Every lookup stops with it. */
  readonly signal: AbortSignal;
  /** Milliseconds until the request's deadline, never below 0. */
  remainingMs(): number;
  readonly calls: CallLog;
  readonly log: Logger;
}
