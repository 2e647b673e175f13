/** The messages between the main thread and an SQLite worker thread. A worker handles one query at a time. */

/** A value that SQLite stores. Booleans are bound as 0 and 1. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

export interface WorkerOptions {
  readonly file: string;
  readonly readOnly: boolean;
  /** How long a statement waits for another connection's lock, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** The size of the prepared statement cache. */
  readonly statementCacheSize: number;
  /** One `Int32`: the id of the cancelled query. The worker checks it between rows. */
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

/** Closes the connection and ends the worker. */
export interface CloseRequest {
  readonly close: true;
}

/** Rows are arrays, so that the column names are sent once and not per row. */
export interface QueryResponse {
  readonly id: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqliteValue[])[];
  /** Number of inserted, updated or deleted rows; absent for a statement that returns rows. */
  readonly changes?: number | bigint;
  readonly lastInsertRowid?: number | bigint;
  /** Whether the connection is inside a transaction after the statement. */
  readonly inTransaction: boolean;
}

export interface QueryFailure {
  /** Absent when the file could not be opened. */
  readonly id?: number;
  readonly message: string;
  /** SQLite's extended result code; absent for an error of Node, such as a value that cannot be bound. */
  readonly resultCode?: number;
  readonly inTransaction: boolean;
}

export type WorkerMessage = WorkerOpened | QueryResponse | { readonly failure: QueryFailure };
