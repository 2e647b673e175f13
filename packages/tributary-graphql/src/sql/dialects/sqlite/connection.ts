import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { originOf } from "../query-origin.ts";
import { createSerialQueue } from "../serial.ts";
import { SqliteError } from "./errors.ts";
import type { QueryAnswer } from "./protocol.ts";
import type { SqliteWorker } from "./sqlite-worker.ts";
import type { WorkerLoan, WorkerPool } from "./worker-pool.ts";

export interface SqlitePools {
  readonly readers: WorkerPool;
  /** One worker: SQLite has one writer at a time. */
  readonly writer: WorkerPool;
}

interface RunOptions {
  readonly signal?: AbortSignal;
}

/**
 * A connection for Kysely. It borrows a worker for one statement at a time, and keeps it for as long as the
 * statement before has left a transaction open.
 */
export class SqliteConnection implements DatabaseConnection {
  readonly #pools: SqlitePools;
  #held: WorkerLoan | undefined;
  #running: SqliteWorker | undefined;
  #insideTransaction = false;
  readonly #inTurn = createSerialQueue();

  constructor(pools: SqlitePools) {
    this.#pools = pools;
  }

  async executeQuery<Row>(query: CompiledQuery, options: RunOptions = {}): Promise<QueryResult<Row>> {
    try {
      return toResult(await this.#inTurn(() => this.#execute(query, options.signal)));
    } catch (error) {
      // Kysely has given up on this query and prints to the console what becomes of it; being stopped is no news.
      if (options.signal?.aborted) return { rows: [] };
      throw error;
    }
  }

  /** All rows are read before the first chunk is given. */
  async *streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
    options?: RunOptions,
  ): AsyncIterableIterator<QueryResult<Row>> {
    const { rows } = await this.executeQuery<Row>(query, options);
    for (let start = 0; start < rows.length; start += chunkSize) yield { rows: rows.slice(start, start + chunkSize) };
  }

  /** Kysely's strategy `cancel query`: stops the running query at its next row. */
  async cancelQuery(): Promise<void> {
    this.#running?.cancel();
  }

  /** A transaction that writes takes the write lock at once: one that takes it half way can fail with `SQLITE_BUSY`. */
  async begin(readOnly: boolean): Promise<void> {
    const pool = readOnly ? this.#pools.readers : this.#pools.writer;
    await this.#borrow(pool, readOnly ? "begin" : "begin immediate", []);
    this.#insideTransaction = true;
  }

  async commit(): Promise<void> {
    await this.#inTurn(() => this.#runHeld(this.#heldInTransaction().worker, "commit", []));
    this.#insideTransaction = false;
  }

  async rollback(): Promise<void> {
    await this.#inTurn(async () => {
      this.#insideTransaction = false;
      if (this.#held !== undefined) await this.#runHeld(this.#held.worker, "rollback", []);
    });
  }

  async #execute(query: CompiledQuery, signal: AbortSignal | undefined): Promise<QueryAnswer> {
    if (this.#insideTransaction || this.#held !== undefined)
      return this.#runHeld(this.#heldInTransaction().worker, query.sql, query.parameters, signal);
    if (!mayOnlyRead(query)) return this.#borrow(this.#pools.writer, query.sql, query.parameters, signal);
    try {
      return await this.#borrow(this.#pools.readers, query.sql, query.parameters, signal);
    } catch (error) {
      // A read-only connection has changed nothing, so the statement can be run again where it may write.
      if (!(error instanceof SqliteError && error.code === "SQLITE_READONLY")) throw error;
      return this.#borrow(this.#pools.writer, query.sql, query.parameters, signal);
    }
  }

  async #borrow(
    pool: WorkerPool,
    sql: string,
    parameters: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<QueryAnswer> {
    const loan = await pool.acquire(originOf(signal), signal);
    this.#held = loan;
    return this.#runHeld(loan.worker, sql, parameters, signal);
  }

  async #runHeld(
    worker: SqliteWorker,
    sql: string,
    parameters: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<QueryAnswer> {
    this.#running = worker;
    try {
      return await worker.run(sql, parameters, signal);
    } finally {
      this.#running = undefined;
      if (!worker.inTransaction) this.#letGo();
    }
  }

  #letGo(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  /** Without this, what follows in a transaction that SQLite rolled back would be written outside of any. */
  #heldInTransaction(): WorkerLoan {
    if (this.#held !== undefined) return this.#held;
    throw new SqliteError("The transaction has ended early and was rolled back.", "SQLITE_ABORT");
  }
}

/**
 * Whether a reader may try the statement. Readers open the file read-only, so a wrong guess is refused, never obeyed;
 * settings of a connection (`pragma`) and transactions belong to the writer.
 */
function mayOnlyRead({ query, sql }: CompiledQuery): boolean {
  if (query.kind === "SelectQueryNode") return true;
  return query.kind === "RawNode" && /^\s*(?:select|with|values|explain)\b/i.test(sql);
}

function toResult<Row>({ columns, rows, changes, lastInsertRowid }: QueryAnswer): QueryResult<Row> {
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
