import { isError, readProperty } from "./thrown-values.ts";

/** Every code that `errors[].extensions.code` can have. Clients rely on these names: add, never rename. */
export const errorCodes = [
  "BAD_USER_INPUT",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "PERSISTED_QUERY_NOT_FOUND",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "LIMIT_EXCEEDED",
  "RATE_LIMITED",
  "CONFLICT",
  "DEADLINE_EXCEEDED",
  "UPSTREAM_UNAVAILABLE",
  "UPSTREAM_INVALID_RESPONSE",
  "OVERLOADED",
  "INTERNAL_SERVER_ERROR",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** A call to a source that failed. Clients are not told. */
export interface FailedCall {
  /** The name in the call log, `citiesByCountry`. */
  readonly call: string;
  /** Of a REST service: below its base URL, without the query. */
  readonly path?: string;
  /** The HTTP status of the response, where there was one. */
  readonly status?: number;
}

/**
 * An error whose message is meant for the client. The gateway knows one by its `code`, not by its class, so that the
 * domain needs no class of the gateway's to throw one.
 */
export interface CodedError extends Error {
  readonly code: ErrorCode;
  /** The source that failed, as the call log names it: `database`, `countries`, … */
  readonly source?: string;
  /** Of a `CONFLICT`: the name of the constraint that was violated. */
  readonly constraint?: string;
  /** The failed call, for the operator's log. */
  readonly failedCall?: FailedCall;
}

const known: ReadonlySet<unknown> = new Set(errorCodes);

/** Whether this is an error with a client code and so may be shown. Errors of drivers and of Node carry other codes. */
export function isCodedError(error: unknown): error is CodedError {
  return isError(error) && known.has(readProperty(error, "code"));
}
