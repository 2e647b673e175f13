import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { originOf } from "../query-origin.ts";
import { createSerialQueue } from "../serial-queue.ts";
import { SqliteError } from "./errors.ts";
import type { QueryResponse } from "./protocol.ts";
import type { SqliteWorker } from "./sqlite-worker.ts";
import type { AcquiredWorker, WorkerPool } from "./worker-pool.ts";

export interface SqlitePools {
  readonly readers: WorkerPool;
  /** One worker: SQLite has one writer at a time. */
  readonly writer: WorkerPool;
}

interface RunOptions {
  readonly signal?: AbortSignal;
}

/** A connection for Kysely. It acquires a worker per statement, and keeps it while a transaction is open. */
export class SqliteConnection implements DatabaseConnection {
  readonly #pools: SqlitePools;
  #acquired: AcquiredWorker | undefined;
  #running: SqliteWorker | undefined;
  #insideTransaction = false;
  readonly #serially = createSerialQueue();

  constructor(pools: SqlitePools) {
    this.#pools = pools;
  }

  async executeQuery<Row>(query: CompiledQuery, options: RunOptions = {}): Promise<QueryResult<Row>> {
    try {
      return toResult(await this.#serially(() => this.#execute(query, options.signal)));
    } catch (error) {
      // Kysely has stopped waiting and would print this error to the console.
      if (options.signal?.aborted) return { rows: [] };
      throw error;
    }
  }

  /** Reads all rows before it yields the first chunk. */
  async *streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
    options?: RunOptions,
  ): AsyncIterableIterator<QueryResult<Row>> {
    const { rows } = await this.executeQuery<Row>(query, options);
    for (let start = 0; start < rows.length; start += chunkSize) yield { rows: rows.slice(start, start + chunkSize) };
  }

  /** Implements Kysely's strategy `cancel query`: stops the running query at its next row. */
  async cancelQuery(): Promise<void> {
    this.#running?.cancel();
  }

  /** A write transaction takes the write lock at its begin: upgrading a read lock later can fail with `SQLITE_BUSY`. */
  async begin(readOnly: boolean): Promise<void> {
    const pool = readOnly ? this.#pools.readers : this.#pools.writer;
    await this.#acquireAndRun(pool, readOnly ? "begin" : "begin immediate", []);
    this.#insideTransaction = true;
  }

  async commit(): Promise<void> {
    await this.#serially(() => this.#runOn(this.#acquiredInTransaction().worker, "commit", []));
    this.#insideTransaction = false;
  }

  async rollback(): Promise<void> {
    await this.#serially(async () => {
      this.#insideTransaction = false;
      if (this.#acquired !== undefined) await this.#runOn(this.#acquired.worker, "rollback", []);
    });
  }

  async #execute(query: CompiledQuery, signal: AbortSignal | undefined): Promise<QueryResponse> {
    if (this.#insideTransaction || this.#acquired !== undefined)
      return this.#runOn(this.#acquiredInTransaction().worker, query.sql, query.parameters, signal);
    if (!looksReadOnly(query)) return this.#acquireAndRun(this.#pools.writer, query.sql, query.parameters, signal);
    try {
      return await this.#acquireAndRun(this.#pools.readers, query.sql, query.parameters, signal);
    } catch (error) {
      // A read-only connection has changed nothing, so the writer can retry the statement.
      if (!(error instanceof SqliteError && error.code === "SQLITE_READONLY")) throw error;
      return this.#acquireAndRun(this.#pools.writer, query.sql, query.parameters, signal);
    }
  }

  async #acquireAndRun(
    pool: WorkerPool,
    sql: string,
    parameters: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<QueryResponse> {
    const acquired = await pool.acquire(originOf(signal), signal);
    this.#acquired = acquired;
    return this.#runOn(acquired.worker, sql, parameters, signal);
  }

  async #runOn(
    worker: SqliteWorker,
    sql: string,
    parameters: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<QueryResponse> {
    this.#running = worker;
    try {
      return await worker.run(sql, parameters, signal);
    } finally {
      this.#running = undefined;
      if (!worker.inTransaction) this.#release();
    }
  }

  #release(): void {
    this.#acquired?.release();
    this.#acquired = undefined;
  }

  /** Prevents that later statements of a transaction that SQLite rolled back by itself run outside of a transaction. */
  #acquiredInTransaction(): AcquiredWorker {
    if (this.#acquired !== undefined) return this.#acquired;
    throw new SqliteError("SQLite has rolled back the transaction early.", "SQLITE_ABORT");
  }
}

/**
 * Whether a reader may try the statement. Readers open the file read-only, so a statement that writes fails there without
 * effect. `pragma` and transactions go to the writer.
 */
function looksReadOnly({ query, sql }: CompiledQuery): boolean {
  if (query.kind === "SelectQueryNode") return true;
  return query.kind === "RawNode" && /^\s*(?:select|with|values|explain)\b/i.test(sql);
}

function toResult<Row>({ columns, rows, changes, lastInsertRowid }: QueryResponse): QueryResult<Row> {
  return {
    rows: rows.map((values) => {
      const row: Record<string, unknown> = {};
      for (const [index, column] of columns.entries()) row[column] = values[index];
      return row as Row;
    }),
    numAffectedRows: changes === undefined ? undefined : BigInt(changes),
    insertId: lastInsertRowid === undefined ? undefined : BigInt(lastInsertRowid),
  };
}
