import { badUserInput, DomainError } from "../../core/domain-error.ts";
import { constraintName } from "./constraint-name.ts";
import { failureOf } from "./failures.ts";

/**
 * Converts an error of the database to a `DomainError` that clients may read. It contains no SQL and no values:
 *
 * - `UPSTREAM_UNAVAILABLE` when the database cannot be reached or used: failed login, missing table, full disk, locked or
 *   corrupt file
 * - `DEADLINE_EXCEEDED` when a timeout of the signal or of the server ended the query
 * - `CONFLICT` when a change violates a constraint, which `constraint` names, or conflicts with a concurrent change
 *
 * Returns any other error, such as one for invalid SQL, unchanged.
 *
 * @param call the failed call's name in the call log, for the operator
 */
export function databaseError(error: unknown, call?: string): unknown {
  if (!(error instanceof Error) || error instanceof DomainError) return error;
  const options = { source: "database", cause: error, ...(call !== undefined && { failedCall: { call } }) };
  const failure = error.name === "TimeoutError" ? "timeout" : failureOf(error);
  switch (failure) {
    case "unreachable":
      return new DomainError("UPSTREAM_UNAVAILABLE", "The database cannot be reached.", options);
    case "unusable":
      return new DomainError("UPSTREAM_UNAVAILABLE", "The database cannot be used.", options);
    case "timeout":
      return new DomainError("DEADLINE_EXCEEDED", "The database did not respond in time.", options);
    case "constraint violation":
      return constraintViolation(error);
    case "concurrent change":
      return new DomainError("CONFLICT", "The change conflicts with a concurrent change: retry it.", options);
    case undefined:
      return error;
    default:
      return failure satisfies never;
  }
}

function constraintViolation(cause: Error): DomainError {
  const constraint = constraintName(cause);
  const which = constraint === undefined ? "a constraint" : `the constraint "${constraint}"`;
  return new DomainError("CONFLICT", `The change violates ${which}.`, { source: "database", cause, constraint });
}

/** The error when the database cannot convert the values of a cursor to the types of their columns. */
export function badCursor(error: unknown): unknown {
  // SQLSTATE class 22 is "data exception".
  const isDataException = error instanceof Error && "code" in error && /^22\w{3}$/.test(String(error.code));
  return isDataException ? badUserInput("after, before: expected a cursor of this list.", error) : error;
}
