import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { onAbort } from "../../../core/abort-listeners.ts";
import { createSerialQueue } from "../serial-queue.ts";
import { type Statement, serverTimeoutError } from "./session.ts";
import type { AcquiredSession } from "./session-pool.ts";
import { settlesInTime } from "./with-timeout.ts";

export interface ConnectionOptions {
  /** Time from the abort of the signal until the connection is closed, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** Timeout of a statement without a signal, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** Called when a connection was closed because the server did not respond. */
  onUnresponsive(): void;
}

interface RunOptions {
  readonly signal?: AbortSignal;
}

/** The first pause between two cancel requests; it doubles with each one. */
const firstPauseMs = 25;

/**
 * An acquired connection. When its signal aborts, the running statement is cancelled in the server and no other one
 * starts. A commit or rollback may take `stopTimeoutMs` more. When the server does not respond in that time, the
 * connection is closed.
 */
export class ServerConnection implements DatabaseConnection {
  readonly #acquired: AcquiredSession;
  readonly #signal: AbortSignal | undefined;
  readonly #options: ConnectionOptions;
  readonly #removeListener: (() => void) | undefined;
  readonly #serially = createSerialQueue();
  /** Settles with the running statement; never rejects. */
  #running: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(acquired: AcquiredSession, signal: AbortSignal | undefined, options: ConnectionOptions) {
    this.#acquired = acquired;
    this.#signal = signal;
    this.#options = options;
    this.#removeListener = signal && onAbort(signal, () => void this.cancelQuery());
  }

  async executeQuery<Row>(query: CompiledQuery, { signal }: RunOptions = {}): Promise<QueryResult<Row>> {
    try {
      return await this.#serially(() => {
        this.#signal?.throwIfAborted();
        return this.#run<Row>(query);
      });
    } catch (error) {
      // Kysely has stopped waiting and would print this error to the console.
      if (signal?.aborted) return { rows: [] };
      // The abort is the cause of a cancelled statement's error, so report its reason.
      this.#signal?.throwIfAborted();
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

  /** Implements Kysely's strategy `cancel query`. Resolves when the statement has ended, or its connection is closed. */
  async cancelQuery(): Promise<void> {
    if (this.#running !== undefined) {
      this.#stopping ??= this.#stop(this.#running).finally(() => {
        this.#stopping = undefined;
      });
    }
    await this.#stopping;
  }

  /** Runs `begin`, `commit` or `rollback`. It is never cancelled, and may run after the signal has aborted. */
  async control<Row>(sql: string): Promise<QueryResult<Row>> {
    return this.#serially(async () => {
      const result = this.#acquired.session.run<Row>({ sql, parameters: [] });
      await this.#endsInTime(result);
      return await result;
    }).catch((error: unknown) => {
      this.#signal?.throwIfAborted();
      throw error;
    });
  }

  /** Closes the connection instead of returning it to the pool. */
  discard(reason: Error): void {
    this.#acquired.session.destroy(reason);
  }

  /** Returns the connection to the pool, after a pending cancellation. */
  async release(): Promise<void> {
    this.#removeListener?.();
    await this.#stopping;
    this.#acquired.release();
  }

  async #run<Row>(statement: Statement): Promise<QueryResult<Row>> {
    const result = this.#acquired.session.run<Row>(statement);
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
      throw isLate ? statementTimeoutError(this.#options.statementTimeoutMs, error) : error;
    } finally {
      clearTimeout(timer);
      this.#running = undefined;
    }
  }

  /** A statement without a signal needs a timeout of its own. */
  #startTimer(onLate: () => void): NodeJS.Timeout | undefined {
    return this.#signal === undefined ? setTimeout(onLate, this.#options.statementTimeoutMs) : undefined;
  }

  async #endsInTime(result: Promise<unknown>): Promise<void> {
    const timeout = this.#controlTimeout(this.#signal);
    try {
      await Promise.race([result.then(ignore, ignore), timeout.promise.then(() => this.#closeUnresponsive())]);
    } finally {
      timeout.clear();
    }
  }

  /** Resolves `stopTimeoutMs` after the signal has aborted; without a signal after `statementTimeoutMs`. */
  #controlTimeout(signal: AbortSignal | undefined): { readonly promise: Promise<void>; clear(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    let timer = this.#startTimer(resolve);
    const start = () => {
      timer = setTimeout(resolve, this.#options.stopTimeoutMs);
    };
    const removeListener = signal && onAbort(signal, start);
    if (signal?.aborted) start();
    return {
      promise,
      clear: () => {
        removeListener?.();
        clearTimeout(timer);
      },
    };
  }

  /** Repeats the cancel request with backoff: one that arrives before the statement has begun has no effect. */
  async #stop(running: Promise<void>): Promise<void> {
    const { session } = this.#acquired;
    const deadline = performance.now() + this.#options.stopTimeoutMs;
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return this.#closeUnresponsive();
      // Awaited even if the statement has ended meanwhile: a late cancel request would stop the next statement.
      const isSent = await settlesInTime(session.cancel(leftMs), leftMs);
      if (!isSent) return this.#closeUnresponsive();
      if (await settlesInTime(running, Math.min(pauseMs, leftMs))) return;
    }
  }

  #closeUnresponsive(): void {
    this.#acquired.session.destroy(
      serverTimeoutError("The connection was closed: the server did not stop the statement in time."),
    );
    this.#options.onUnresponsive();
  }
}

const statementTimeoutError = (timeoutMs: number, cause: unknown): Error =>
  Object.assign(new Error(`The statement took more than ${timeoutMs} ms.`, { cause }), { name: "TimeoutError" });

const ignore = (): void => undefined;
