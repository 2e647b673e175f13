import type { QueryResult } from "kysely";

/** A statement as it is sent. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** One connection to a database server. Runs one statement at a time. */
export interface ServerSession {
  /** False once the connection has ended, or is about to. */
  readonly isOpen: boolean;
  /** Whether a transaction is open, as far as the server says. */
  readonly inTransaction: boolean;
  /** Rejects when the server refuses the statement or the connection ends. */
  run<Row>(statement: Statement): Promise<QueryResult<Row>>;
  /**
   * Asks the server over another connection to stop the statement that runs; does nothing where none does. Resolves when
   * the server has been told. It may have been told too early: a statement that has not begun goes on.
   *
   * @param timeoutMs how long the other connection may take
   */
  cancel(timeoutMs: number): Promise<void>;
  /** Closes the connection without a word to the server. The statement that runs is rejected with the reason. */
  destroy(reason: Error): void;
  /** Takes leave of the server; without an answer in time, the connection is destroyed. */
  end(): Promise<void>;
}

/** Opens a connection. Rejects within the time that a connection may take, also when the server says nothing. */
export type ConnectToServer = () => Promise<ServerSession>;

/** For a connection that is closed because nothing came from the other side. */
export const silentServer = (message: string): Error => Object.assign(new Error(message), { code: "ETIMEDOUT" });
