/** The messages between the main thread and an SQLite worker. A worker handles one query at a time. */

/** A value that SQLite stores. Booleans are bound as 0 and 1. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

export interface WorkerOptions {
  readonly file: string;
  readonly readOnly: boolean;
  /** How long a statement waits for another connection's lock, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** How many prepared statements a worker keeps. */
  readonly statementCacheSize: number;
  /** One `Int32`: the id of the query that nobody waits for any more. The worker looks at it between rows. */
  readonly cancelled: Int32Array<SharedArrayBuffer>;
}

/** Sent once, when the file is open. */
export interface WorkerOpened {
  readonly opened: true;
}

export interface QueryRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Asks the worker to close its connection and end. */
export interface CloseRequest {
  readonly close: true;
}

/** Rows travel as arrays: the column names are sent once, not once per row. */
export interface QueryAnswer {
  readonly id: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqliteValue[])[];
  /** Rows inserted, updated or deleted; absent for a statement that gives rows. */
  readonly changes?: number | bigint;
  readonly lastInsertRowid?: number | bigint;
  /** Whether the connection is inside a transaction after the statement. */
  readonly inTransaction: boolean;
}

export interface QueryFailure {
  /** Absent when the file could not be opened. */
  readonly id?: number;
  readonly message: string;
  /** SQLite's extended result code; absent for an error of Node's own, such as a value that cannot be bound. */
  readonly resultCode?: number;
  readonly inTransaction: boolean;
}

export type WorkerMessage = WorkerOpened | QueryAnswer | { readonly failure: QueryFailure };
