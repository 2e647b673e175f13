import type { CodedError, ErrorCode } from "../../core/error-codes.ts";
import type { RequestRun } from "../request-run.ts";
import { errorFields } from "./error-fields.ts";

/** Codes by which a source fails, or is too slow; any other is the client's concern, or nobody's. */
const failures: ReadonlySet<ErrorCode> = new Set([
  "UPSTREAM_UNAVAILABLE",
  "UPSTREAM_INVALID_RESPONSE",
  "DEADLINE_EXCEEDED",
  "OVERLOADED",
]);

/**
 * Tells the operator what the client is not told of a source that failed: which call, its path and status, and the cause.
 * One line per call and request, however many fields it fails.
 */
export function logFailedCall(error: CodedError, run: RequestRun): void {
  const { source, code, failedCall } = error;
  if (source === undefined || !failures.has(code) || run.lifetime.ending === "client-gone") return;
  const name = `${source}.${failedCall?.call} ${code}`;
  if (run.loggedCalls.has(name)) return;
  run.loggedCalls.add(name);
  run.log.warn({ source, ...failedCall, code, err: errorFields(error) }, "a call to a source failed");
}
