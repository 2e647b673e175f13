import { badUserInput, DomainError } from "../../core/domain-error.ts";
import { constraintName } from "./constraint-name.ts";
import { failureOf } from "./failures.ts";

/**
 * A failure of the database as clients may read it, without a word of SQL or of values:
 *
 * - `UPSTREAM_UNAVAILABLE` when it cannot be reached or cannot be used: a login that is refused, a table that is gone, a
 *   disk that is full, a file that is locked or broken
 * - `DEADLINE_EXCEEDED` when a signal's time-out ended the query, or a time-out of the server's own
 * - `CONFLICT` when a change violates a constraint, which `constraint` names, or collides with another change
 *
 * Anything else, a wrong query for one, comes back as it was.
 *
 * @param call the name in the call log of the read or write that failed, for the operator
 */
export function databaseError(error: unknown, call?: string): unknown {
  if (!(error instanceof Error) || error instanceof DomainError) return error;
  const options = { source: "database", cause: error, ...(call !== undefined && { failedCall: { call } }) };
  const failure = error.name === "TimeoutError" ? "late" : failureOf(error);
  switch (failure) {
    case "unreachable":
      return new DomainError("UPSTREAM_UNAVAILABLE", "The database cannot be reached.", options);
    case "unusable":
      return new DomainError("UPSTREAM_UNAVAILABLE", "The database cannot be used.", options);
    case "late":
      return new DomainError("DEADLINE_EXCEEDED", "The database did not answer in time.", options);
    case "conflict":
      return conflict(error);
    case "collision":
      return new DomainError("CONFLICT", "The change collided with another one: try it again.", options);
    case undefined:
      return error;
    default:
      return failure satisfies never;
  }
}

function conflict(cause: Error): DomainError {
  const constraint = constraintName(cause);
  const which = constraint === undefined ? "a constraint" : `the constraint "${constraint}"`;
  return new DomainError("CONFLICT", `The change violates ${which}.`, { source: "database", cause, constraint });
}

/** The error for a page that starts at a place which the database cannot read as one: a text where an id belongs. */
export function badCursor(error: unknown): unknown {
  // SQLSTATE class 22 is "data exception".
  const isDataException = error instanceof Error && "code" in error && /^22\w{3}$/.test(String(error.code));
  return isDataException ? badUserInput("after, before: expected a cursor of this list.", error) : error;
}
