import type { CodedError, ErrorCode } from "../../core/error-codes.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
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
export function logFailedCall(error: CodedError, request: GraphQLRequest): void {
  const { source, code, failedCall } = error;
  if (source === undefined || !failures.has(code) || request.lifetime.ending === "client-gone") return;
  const name = `${source}.${failedCall?.call} ${code}`;
  if (request.loggedCalls.has(name)) return;
  request.loggedCalls.add(name);
  request.log.warn({ source, ...failedCall, code, err: errorFields(error) }, "a call to a source failed");
}
