import type { PoolOptions } from "./session-pool.ts";

/** The options of a server's dialect. */
export interface ServerOptions {
  readonly pool: PoolOptions;
  /** How long a connection may take until it can be used, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** How long after its signal a statement may go on until its connection is closed, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** How long a statement without a signal may take, in milliseconds. */
  readonly statementTimeoutMs: number;
}
