import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { onAbort } from "../../../core/abort-listeners.ts";
import { createSerialQueue } from "../serial.ts";
import { type Statement, silentServer } from "./session.ts";
import type { Loan } from "./session-pool.ts";
import { settlesWithin } from "./within.ts";

export interface ConnectionOptions {
  /** How long after the signal a statement may go on until its connection is closed, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** How long a statement may take where no signal ends it, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** Told when a connection had to be closed because the server did not answer. */
  onSilence(): void;
}

interface RunOptions {
  readonly signal?: AbortSignal;
}

/** The first pause between two attempts to stop a statement; each is twice the one before. */
const firstPauseMs = 25;

/**
 * A connection for as long as it is lent. When the signal that it was acquired with aborts, the statement that runs is
 * stopped in the server, no other one starts, and what ends the transaction has `stopTimeoutMs` to do so. Where the
 * server does not answer in that time, the connection is closed.
 */
export class ServerConnection implements DatabaseConnection {
  readonly #loan: Loan;
  readonly #signal: AbortSignal | undefined;
  readonly #options: ConnectionOptions;
  readonly #removeListener: (() => void) | undefined;
  readonly #inTurn = createSerialQueue();
  /** The statement that runs; it never rejects. */
  #running: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(loan: Loan, signal: AbortSignal | undefined, options: ConnectionOptions) {
    this.#loan = loan;
    this.#signal = signal;
    this.#options = options;
    this.#removeListener = signal && onAbort(signal, () => void this.cancelQuery());
  }

  async executeQuery<Row>(query: CompiledQuery, { signal }: RunOptions = {}): Promise<QueryResult<Row>> {
    try {
      return await this.#inTurn(() => {
        this.#signal?.throwIfAborted();
        return this.#run<Row>(query);
      });
    } catch (error) {
      // Kysely has given up on this query and prints to the console what becomes of it; being stopped is no news.
      if (signal?.aborted) return { rows: [] };
      // The error of a cancelled statement follows from the request's end, so that reason is reported.
      this.#signal?.throwIfAborted();
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

  /** Kysely's strategy `cancel query`: resolves when the statement has ended, or its connection has been closed. */
  async cancelQuery(): Promise<void> {
    if (this.#running !== undefined) {
      this.#stopping ??= this.#stop(this.#running).finally(() => {
        this.#stopping = undefined;
      });
    }
    await this.#stopping;
  }

  /** Begins, commits or rolls back: nothing that is stopped half way, and it may run after the signal. */
  async control<Row>(sql: string): Promise<QueryResult<Row>> {
    return this.#inTurn(async () => {
      const result = this.#loan.session.run<Row>({ sql, parameters: [] });
      await this.#endsInTime(result);
      return await result;
    }).catch((error: unknown) => {
      this.#signal?.throwIfAborted();
      throw error;
    });
  }

  /** The connection is not used again after this. */
  discard(reason: Error): void {
    this.#loan.session.destroy(reason);
  }

  /** Gives the connection back, once nothing is sent any more to stop a statement of it. */
  async release(): Promise<void> {
    this.#removeListener?.();
    await this.#stopping;
    this.#loan.release();
  }

  async #run<Row>(statement: Statement): Promise<QueryResult<Row>> {
    const result = this.#loan.session.run<Row>(statement);
    const running = result.then(ignore, ignore);
    this.#running = running;
    let isLate = false;
    const timer = this.#startTimer(() => {
      isLate = true;
      void this.cancelQuery();
    });
    try {
      return await result;
    } catch (error) {
      throw isLate ? lateStatement(this.#options.statementTimeoutMs, error) : error;
    } finally {
      clearTimeout(timer);
      this.#running = undefined;
    }
  }

  /** A request's signal says when its statements end; without one, nobody else would. */
  #startTimer(onLate: () => void): NodeJS.Timeout | undefined {
    return this.#signal === undefined ? setTimeout(onLate, this.#options.statementTimeoutMs) : undefined;
  }

  async #endsInTime(result: Promise<unknown>): Promise<void> {
    const isLate = this.#lateness(this.#signal);
    try {
      await Promise.race([result.then(ignore, ignore), isLate.promise.then(() => this.#giveUp())]);
    } finally {
      isLate.forget();
    }
  }

  /** Resolves `stopTimeoutMs` after the signal has aborted; without one when a statement would be late. */
  #lateness(signal: AbortSignal | undefined): { readonly promise: Promise<void>; forget(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    let timer = this.#startTimer(resolve);
    const start = () => {
      timer = setTimeout(resolve, this.#options.stopTimeoutMs);
    };
    const removeListener = signal && onAbort(signal, start);
    if (signal?.aborted) start();
    return {
      promise,
      forget: () => {
        removeListener?.();
        clearTimeout(timer);
      },
    };
  }

  /** Tells the server again and again: what comes before the statement has begun stops nothing. */
  async #stop(running: Promise<void>): Promise<void> {
    const { session } = this.#loan;
    const deadline = performance.now() + this.#options.stopTimeoutMs;
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return this.#giveUp();
      // Waited for also when the statement has ended meanwhile, or it would stop the next one.
      const isTold = await settlesWithin(session.cancel(leftMs), leftMs);
      if (!isTold) return this.#giveUp();
      if (await settlesWithin(running, Math.min(pauseMs, leftMs))) return;
    }
  }

  #giveUp(): void {
    this.#loan.session.destroy(silentServer("The connection was closed: the server did not stop in time."));
    this.#options.onSilence();
  }
}

const lateStatement = (timeoutMs: number, cause: unknown): Error =>
  Object.assign(new Error(`The statement took more than ${timeoutMs} ms.`, { cause }), { name: "TimeoutError" });

const ignore = (): void => undefined;
