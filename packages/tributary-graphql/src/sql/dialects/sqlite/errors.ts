/** SQLite's primary result codes, https://www.sqlite.org/rescode.html. */
const names: Readonly<Record<number, string>> = {
  1: "SQLITE_ERROR",
  2: "SQLITE_INTERNAL",
  3: "SQLITE_PERM",
  4: "SQLITE_ABORT",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  9: "SQLITE_INTERRUPT",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  12: "SQLITE_NOTFOUND",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  15: "SQLITE_PROTOCOL",
  17: "SQLITE_SCHEMA",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
  21: "SQLITE_MISUSE",
  23: "SQLITE_AUTH",
  25: "SQLITE_RANGE",
  26: "SQLITE_NOTADB",
};

/** A failed statement, or a worker thread that has ended. */
export class SqliteError extends Error {
  override readonly name = "SqliteError";
  /** The name of SQLite's primary result code, `SQLITE_BUSY`; `SQLITE_WORKER_GONE` when the thread has ended. */
  readonly code: string;
  /** SQLite's extended result code, such as 1555 for a duplicate primary key; undefined when the error is not SQLite's. */
  readonly resultCode?: number;

  constructor(message: string, code: string, resultCode?: number) {
    super(message);
    this.code = code;
    this.resultCode = resultCode;
  }
}

/** Creates the error for an extended result code, whose low byte is the primary code. */
export const sqliteError = (message: string, resultCode: number | undefined): SqliteError =>
  new SqliteError(message, names[(resultCode ?? 1) & 0xff] ?? "SQLITE_ERROR", resultCode);

export const workerExited = (reason: string): SqliteError =>
  new SqliteError(`The SQLite worker has ended: ${reason}.`, "SQLITE_WORKER_GONE");
