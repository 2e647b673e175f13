import type { CodedError, ErrorCode } from "../../core/error-codes.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { errorFields } from "./error-fields.ts";

/** Codes of a source that fails or is too slow. Other codes are not about a source. */
const failures: ReadonlySet<ErrorCode> = new Set([
  "UPSTREAM_UNAVAILABLE",
  "UPSTREAM_INVALID_RESPONSE",
  "DEADLINE_EXCEEDED",
  "OVERLOADED",
]);

/**
 * Logs the details of a failed call that clients do not get: its name, path and status, and the cause.
 * One line per call and request, however many fields it fails.
 */
export function logFailedCall(error: CodedError, request: GraphQLRequest): void {
  const { source, code, failedCall } = error;
  if (source === undefined || !failures.has(code) || request.lifetime.ending === "client-gone") return;
  const name = `${source}.${failedCall?.call} ${code}`;
  if (request.loggedCalls.has(name)) return;
  request.loggedCalls.add(name);
  const fields = { source, ...failedCall, code, err: errorFields(error) };
  request.log.warn(request.withoutSecrets(fields), "a call to a source failed");
}
