import { badUserInput, DomainError } from "../errors.ts";

/** Codes of Node, `pg` (SQLSTATE), `mysql2` and our SQLite driver for a database that is not there or takes no more. */
const unreachable: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "53300", // too many connections
  "57P01", // the administrator ended the connection
  "57P02", // the server crashed
  "57P03", // the server is starting or stopping
  "57P05", // the session was idle for too long
  "PROTOCOL_CONNECTION_LOST",
  "POOL_CLOSED",
  "ER_CON_COUNT_ERROR",
  "ER_TOO_MANY_USER_CONNECTIONS",
  "ER_USER_LIMIT_REACHED",
  "ER_SERVER_SHUTDOWN",
  "ER_CONNECTION_KILLED",
  "SQLITE_WORKER_GONE",
  "SQLITE_CANTOPEN",
  "SQLITE_IOERR",
]);

/** What the drivers say without any code. */
const unreachableMessages: readonly RegExp[] = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect$/,
  /^Client has encountered a connection error/,
  /^Cannot use a pool after calling end on the pool$/,
  /^Can't add new command when connection is in closed state$/,
  /^Pool is closed\.?$/,
  /^driver has already been destroyed$/,
];

/**
 * A failure of the database as clients may read it: `UPSTREAM_UNAVAILABLE` when it cannot be reached, and
 * `DEADLINE_EXCEEDED` when a signal's time-out ended the query. Anything else, a wrong query for one, comes back as it was.
 */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DomainError) return error;
  const options = { source: "database", cause: error };
  if (error.name === "TimeoutError")
    return new DomainError("DEADLINE_EXCEEDED", "The database did not answer in time.", options);
  if (isUnreachable(error)) return new DomainError("UPSTREAM_UNAVAILABLE", "The database cannot be reached.", options);
  return error;
}

function isUnreachable(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  // SQLSTATE class 08 is "connection exception".
  if (unreachable.has(code) || (typeof code === "string" && /^08\w{3}$/.test(code))) return true;
  return unreachableMessages.some((message) => message.test(error.message));
}

/** The error for a page that starts at a place which the database cannot read as one: a text where an id belongs. */
export function badCursor(error: unknown): unknown {
  // SQLSTATE class 22 is "data exception".
  const isDataException = error instanceof Error && "code" in error && /^22\w{3}$/.test(String(error.code));
  return isDataException ? badUserInput("after, before: expected a cursor of this list.", error) : error;
}
