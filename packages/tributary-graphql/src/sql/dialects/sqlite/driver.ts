import {
  createQueryId,
  type Driver,
  IdentifierNode,
  type QueryCompiler,
  RawNode,
  type TransactionSettings,
} from "kysely";
import { originOf } from "../query-origin.ts";
import { SqliteConnection, type SqlitePools } from "./connection.ts";
import { SqliteWorker } from "./sqlite-worker.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface SqliteOptions {
  /** Path of the database file. The file is created when it does not exist; its folder must exist. */
  readonly file: string;
  /** The maximum number of reader threads. They start on demand. */
  readonly readers: number;
  /** How long a statement waits for a lock of another process, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** The size of each thread's prepared statement cache. */
  readonly statementCacheSize: number;
  /** How many queries may wait for a thread. */
  readonly maxWaiting: number;
}

type Compile = QueryCompiler["compileQuery"];

/** A Kysely driver with a pool of reader threads and one writer thread. */
export class SqliteDriver implements Driver {
  readonly #pools: SqlitePools;

  constructor({ readers, maxWaiting, ...options }: SqliteOptions) {
    this.#pools = {
      readers: new WorkerPool({ size: readers, maxWaiting }, () => new SqliteWorker({ ...options, readOnly: true })),
      writer: new WorkerPool({ size: 1, maxWaiting }, () => new SqliteWorker({ ...options, readOnly: false })),
    };
  }

  /** Starts the writer first: it creates the file, which a read-only connection cannot. */
  async init(): Promise<void> {
    const { worker, release } = await this.#pools.writer.acquire(originOf(undefined));
    try {
      await worker.opened;
    } finally {
      release();
    }
  }

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#pools);
  }

  async beginTransaction(connection: SqliteConnection, settings: TransactionSettings): Promise<void> {
    await connection.begin(settings.accessMode === "read only");
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    await connection.rollback();
  }

  async savepoint(connection: SqliteConnection, name: string, compile: Compile): Promise<void> {
    await connection.executeQuery(compile(savepointCommand("savepoint", name), createQueryId()));
  }

  async rollbackToSavepoint(connection: SqliteConnection, name: string, compile: Compile): Promise<void> {
    await connection.executeQuery(compile(savepointCommand("rollback to", name), createQueryId()));
  }

  async releaseSavepoint(connection: SqliteConnection, name: string, compile: Compile): Promise<void> {
    await connection.executeQuery(compile(savepointCommand("release", name), createQueryId()));
  }

  /** Rolls back a transaction that a raw `begin` has left open. */
  async releaseConnection(connection: SqliteConnection): Promise<void> {
    await connection.rollback();
  }

  /** Closes the writer last: only a connection that may write can checkpoint the WAL and remove it. */
  async destroy(): Promise<void> {
    await this.#pools.readers.close();
    await this.#pools.writer.close();
  }
}

const savepointCommand = (command: string, name: string): RawNode =>
  RawNode.createWithChildren([RawNode.createWithSql(`${command} `), IdentifierNode.create(name)]);
