import { describe, expect, test } from "vitest";
import { badUserInput } from "../../../datasources/errors.ts";
import { databaseError } from "../../../datasources/sql/errors.ts";

const failure = (message: string, code?: string) =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

describe("a database that cannot be reached is UPSTREAM_UNAVAILABLE, and keeps its cause", () => {
  test.each([
    failure("connect ECONNREFUSED 127.0.0.1:5432", "ECONNREFUSED"),
    failure("read ECONNRESET", "ECONNRESET"),
    failure("sorry, too many clients already", "53300"),
    failure("terminating connection due to administrator command", "57P01"),
    failure("connection failure", "08006"),
    failure("Connection terminated unexpectedly"),
    failure("timeout exceeded when trying to connect"),
    failure("Too many connections", "ER_CON_COUNT_ERROR"),
    failure("Connection lost: The server closed the connection.", "PROTOCOL_CONNECTION_LOST"),
    failure("Can't add new command when connection is in closed state"),
    failure("unable to open database file", "SQLITE_CANTOPEN"),
    failure("The SQLite worker has ended: its thread stopped.", "SQLITE_WORKER_GONE"),
  ])("%s", (cause) => {
    expect(databaseError(cause)).toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      message: "The database cannot be reached.",
      source: "database",
      cause,
    });
  });
});

test("the time-out of a signal is DEADLINE_EXCEEDED", () => {
  const reason = new DOMException("The operation was aborted due to timeout", "TimeoutError");
  expect(databaseError(reason)).toMatchObject({ code: "DEADLINE_EXCEEDED", source: "database", cause: reason });
});

test("what the client cannot act on comes back as it was: a wrong query, a client that left, no error at all", () => {
  const wrong = failure('relation "citty" does not exist', "42P01");
  const left = new DOMException("This operation was aborted", "AbortError");
  const input = badUserInput("Expected a positive number.");
  for (const error of [wrong, left, input, "text", undefined]) expect(databaseError(error)).toBe(error);
});
