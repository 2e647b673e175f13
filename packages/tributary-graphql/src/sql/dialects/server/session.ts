import type { QueryResult } from "kysely";

/** A statement with its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** One connection to a database server. Runs one statement at a time. */
export interface ServerSession {
  /** False once the connection is closed or closing. */
  readonly isOpen: boolean;
  /** Whether the server has reported an open transaction. */
  readonly inTransaction: boolean;
  /** Rejects when the statement fails or the connection ends. */
  run<Row>(statement: Statement): Promise<QueryResult<Row>>;
  /**
   * Cancels the running statement by a request over another connection. Resolves when the server has received the
   * request. A request that arrives before the statement has begun has no effect.
   *
   * @param timeoutMs timeout of the other connection
   */
  cancel(timeoutMs: number): Promise<void>;
  /** Closes the socket at once. The running statement is rejected with the reason. */
  destroy(reason: Error): void;
  /** Closes the connection gracefully; without a response in time, destroys it. */
  end(): Promise<void>;
}

/** Opens a connection. Rejects after the connect timeout, also when the server does not respond. */
export type ConnectToServer = () => Promise<ServerSession>;

/** The error when a server does not respond in time. */
export const serverTimeoutError = (message: string): Error => Object.assign(new Error(message), { code: "ETIMEDOUT" });
