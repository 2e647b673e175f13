import { isError, readProperty } from "./thrown-values.ts";

/** All values of `errors[].extensions.code`. Clients depend on them: add codes, never rename one. */
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

/** A failed call to a source, for the operator's log. Clients do not see it. */
export interface FailedCall {
  /** The name in the call log, `citiesByCountry`. */
  readonly call: string;
  /** For a REST service: the path below its base URL, without the query string. */
  readonly path?: string;
  /** The HTTP status, if there was a response. */
  readonly status?: number;
}

/**
 * An error whose message is intended for the client. The gateway detects it by its `code`, so that it can be thrown without
 * a class of the engine.
 */
export interface CodedError extends Error {
  readonly code: ErrorCode;
  /** The failed source, as in the call log: `database`, `countries`, … */
  readonly source?: string;
  /** For `CONFLICT`: the name of the violated constraint. */
  readonly constraint?: string;
  /** The failed call, for the operator's log. */
  readonly failedCall?: FailedCall;
}

const known: ReadonlySet<unknown> = new Set(errorCodes);

/** Whether this is an error with one of `errorCodes`. Errors of drivers and of Node have other codes. */
export function isCodedError(error: unknown): error is CodedError {
  return isError(error) && known.has(readProperty(error, "code"));
}
