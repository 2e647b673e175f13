import {
  type CompiledQuery,
  createQueryId,
  type Driver,
  IdentifierNode,
  type QueryCompiler,
  RawNode,
  type TransactionSettings,
} from "kysely";
import { originOf } from "../query-origin.ts";
import { ServerConnection } from "./connection.ts";
import type { ConnectToServer } from "./session.ts";
import { type PoolOptions, SessionPool } from "./session-pool.ts";

export interface ServerDriverOptions {
  readonly pool: PoolOptions;
  /** Time from the abort of the signal until the connection is closed, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** Timeout of a statement without a signal, in milliseconds. */
  readonly statementTimeoutMs: number;
  connect: ConnectToServer;
  /** The statements that begin a transaction with this isolation level and access mode. */
  begin(settings: TransactionSettings): readonly string[];
}

type Compile = QueryCompiler["compileQuery"];

/** A Kysely driver with a connection pool. */
export class ServerDriver implements Driver {
  readonly #options: ServerDriverOptions;
  readonly #pool: SessionPool;

  constructor(options: ServerDriverOptions) {
    this.#options = options;
    this.#pool = new SessionPool(options.connect, options.pool);
  }

  async init(): Promise<void> {}

  /** Never settles after the signal has aborted: Kysely has stopped waiting, and would print an error to the console. */
  async acquireConnection({ signal }: { readonly signal?: AbortSignal } = {}): Promise<ServerConnection> {
    try {
      const acquired = await this.#pool.acquire(originOf(signal), signal);
      return new ServerConnection(acquired, signal, {
        stopTimeoutMs: this.#options.stopTimeoutMs,
        statementTimeoutMs: this.#options.statementTimeoutMs,
        onUnresponsive: () => this.#pool.closeIdle(),
      });
    } catch (error) {
      if (signal?.aborted) return new Promise(() => {});
      throw error;
    }
  }

  async beginTransaction(connection: ServerConnection, settings: TransactionSettings): Promise<void> {
    for (const statement of this.#options.begin(settings)) await connection.control(statement);
  }

  /** @throws Error when the database has rolled back instead, because an earlier statement failed */
  async commitTransaction(connection: ServerConnection): Promise<void> {
    const { rows } = await connection.control<{ command?: string }>("commit");
    if (rows[0]?.command === "ROLLBACK")
      throw new Error("The transaction was rolled back because one of its statements failed.");
  }

  async rollbackTransaction(connection: ServerConnection): Promise<void> {
    try {
      await connection.control("rollback");
    } catch (error) {
      connection.discard(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  async savepoint(connection: ServerConnection, name: string, compile: Compile): Promise<void> {
    await connection.executeQuery(savepointCommand("savepoint", name, compile));
  }

  async rollbackToSavepoint(connection: ServerConnection, name: string, compile: Compile): Promise<void> {
    await connection.executeQuery(savepointCommand("rollback to savepoint", name, compile));
  }

  async releaseSavepoint(connection: ServerConnection, name: string, compile: Compile): Promise<void> {
    await connection.executeQuery(savepointCommand("release savepoint", name, compile));
  }

  async releaseConnection(connection: ServerConnection): Promise<void> {
    await connection.release();
  }

  /** Closes every connection after its running query. */
  async destroy(): Promise<void> {
    await this.#pool.close();
  }
}

function savepointCommand(command: string, name: string, compile: Compile): CompiledQuery {
  const node = RawNode.createWithChildren([RawNode.createWithSql(`${command} `), IdentifierNode.create(name)]);
  return compile(node, createQueryId());
}
