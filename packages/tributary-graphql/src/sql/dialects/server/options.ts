import type { PoolOptions } from "./session-pool.ts";

/** The options of a dialect for a database server. */
export interface ServerOptions {
  readonly pool: PoolOptions;
  /** Timeout of connecting, login and session settings included, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Time from the abort of the signal until the connection is closed, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** Timeout of a statement without a signal, in milliseconds. */
  readonly statementTimeoutMs: number;
}
