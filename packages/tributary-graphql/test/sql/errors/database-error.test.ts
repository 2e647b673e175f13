import { describe, expect, test } from "vitest";
import { badUserInput } from "../../../src/core/domain-error.ts";
import { databaseError } from "../../../src/sql/errors/database-error.ts";

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
    Object.assign(failure("Too many connections", "ER_CON_COUNT_ERROR"), { errno: 1040 }),
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

test("the timeout of a signal is DEADLINE_EXCEEDED", () => {
  const reason = new DOMException("The operation was aborted due to timeout", "TimeoutError");
  expect(databaseError(reason)).toMatchObject({ code: "DEADLINE_EXCEEDED", source: "database", cause: reason });
});

const sqlState = (code: string) => failure("no word of this gets out", code);
const mysqlError = (errno: number, sqlMessage = "no word of this gets out") =>
  Object.assign(failure(sqlMessage, "ER_SOME"), { errno, sqlMessage });

test.each([
  ["a refused login", sqlState("28P01")],
  ["a refused login", sqlState("28000")],
  ["a refused login", mysqlError(1045)],
  ["a database that was dropped", sqlState("3D000")],
  ["a database that was dropped", mysqlError(1049)],
  ["a table that is gone", sqlState("42P01")],
  ["a table that is gone", mysqlError(1146)],
  ["a table that is gone", failure("no such table: book", "SQLITE_ERROR")],
  ["a right that is missing", sqlState("42501")],
  ["a disk that is full", sqlState("53100")],
  ["corrupt data", sqlState("XX001")],
  ["a standby", sqlState("25006")],
  ["a standby", mysqlError(1290)],
  ["a file that is locked", failure("database is locked", "SQLITE_BUSY")],
  ["a file that is corrupt", failure("database disk image is malformed", "SQLITE_CORRUPT")],
  ["a file that is none", failure("file is not a database", "SQLITE_NOTADB")],
  ["a disk that is full", failure("database or disk is full", "SQLITE_FULL")],
])("%s is UPSTREAM_UNAVAILABLE: %s", (_, cause) => {
  expect(databaseError(cause)).toMatchObject({
    code: "UPSTREAM_UNAVAILABLE",
    message: "The database cannot be used.",
    source: "database",
    cause,
  });
});

test.each([
  sqlState("57014"),
  sqlState("55P03"),
  sqlState("25P04"),
  mysqlError(1969),
  mysqlError(1205),
  mysqlError(3024),
  mysqlError(1317),
])("a time-out of the server's own is DEADLINE_EXCEEDED: %s", (cause) => {
  expect(databaseError(cause)).toMatchObject({
    code: "DEADLINE_EXCEEDED",
    message: "The database did not respond in time.",
    source: "database",
  });
});

test.each([
  [Object.assign(sqlState("23505"), { constraint: "book_title_key" }), "book_title_key"],
  [Object.assign(sqlState("23502"), { column: "title" }), "title"],
  [mysqlError(1062, "Duplicate entry 'for key 'x'' for key 'book_title'"), "book_title"],
  [mysqlError(1452, "Cannot add: a foreign key fails (`a`.`b`, CONSTRAINT `b_fk` FOREIGN KEY (`x`) …)"), "b_fk"],
  [mysqlError(1048, "Column 'title' cannot be null"), "title"],
  [mysqlError(4025, "CONSTRAINT `stars` failed for `library`.`book`"), "stars"],
  [mysqlError(3819, "Check constraint 'stars' is violated."), "stars"],
  [failure("UNIQUE constraint failed: book.title, book.year", "SQLITE_CONSTRAINT"), "book.title, book.year"],
  [failure("CHECK constraint failed: stars", "SQLITE_CONSTRAINT"), "stars"],
])("a violated constraint is CONFLICT with its name: %s", (cause, constraint) => {
  expect(databaseError(cause)).toMatchObject({
    code: "CONFLICT",
    message: `The change violates the constraint "${constraint}".`,
    constraint,
    source: "database",
    cause,
  });
});

test("a violated constraint that the database does not name is CONFLICT, too", () => {
  expect(databaseError(failure("FOREIGN KEY constraint failed", "SQLITE_CONSTRAINT"))).toMatchObject({
    code: "CONFLICT",
    message: "The change violates a constraint.",
  });
});

test.each([sqlState("40001"), sqlState("40P01"), mysqlError(1213)])(
  "concurrent changes that conflict are CONFLICT: %s",
  (cause) => {
    expect(databaseError(cause)).toMatchObject({
      code: "CONFLICT",
      message: "The change conflicts with a concurrent change: retry it.",
    });
  },
);

test("other errors are returned unchanged: an invalid query, an abort by the client, a value that is not an error", () => {
  const wrong = failure('column "nmae" does not exist', "42703");
  const left = new DOMException("This operation was aborted", "AbortError");
  const input = badUserInput("Expected a positive number.");
  for (const error of [wrong, left, input, "text", undefined]) expect(databaseError(error)).toBe(error);
});
