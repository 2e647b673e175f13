import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { onAbort } from "../../../core/abort-listeners.ts";
import { sqliteError, workerExited } from "./errors.ts";
import type { QueryFailure, QueryRequest, QueryResponse, WorkerMessage, WorkerOptions } from "./protocol.ts";

interface PendingQuery {
  readonly id: number;
  resolve(response: QueryResponse): void;
  reject(error: Error): void;
}

/** The extension is `.ts` in the repository and `.js` in the package. The compiler rewrites only imports. */
const workerFile = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

/** The main thread's side of one SQLite connection. Runs one query at a time; callers must not overlap queries. */
export class SqliteWorker {
  readonly #worker: Worker;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #opened = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  #pending: PendingQuery | undefined;
  #nextId = 1;
  #endReason: Error | undefined;
  #inTransaction = false;

  constructor(options: Omit<WorkerOptions, "cancelled">) {
    const workerData: WorkerOptions = { ...options, cancelled: this.#cancelled };
    // The worker needs none of this process's flags and loaders.
    this.#worker = new Worker(workerFile, { workerData, execArgv: [], name: "sqlite" });
    this.#worker.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#worker.on("error", (error) => this.#end(workerExited(error.message)));
    this.#worker.on("exit", () => {
      this.#end(workerExited("its thread stopped"));
      this.#exited.resolve();
    });
    this.#opened.promise.catch(() => {});
  }

  /** Resolves when the file is open; rejects with an `SqliteError` when it cannot be opened. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** False once the thread has ended. */
  get isAlive(): boolean {
    return this.#endReason === undefined;
  }

  /** Whether the last statement left a transaction open. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /**
   * Runs one statement. When `signal` aborts, the worker stops at its next row and the response has the rows so far.
   *
   * @throws SqliteError when the statement fails or the thread ends; the signal's reason when it aborts before the statement runs
   */
  async run(sql: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<QueryResponse> {
    await this.#opened.promise;
    // No listener was there yet to cancel the statement.
    signal?.throwIfAborted();
    if (this.#endReason !== undefined) throw this.#endReason;
    const request: QueryRequest = { id: this.#nextId, sql, parameters };
    this.#nextId = (this.#nextId % 0x7fff_fffe) + 1;
    const stop = () => Atomics.store(this.#cancelled, 0, request.id);
    const removeListener = signal && onAbort(signal, stop);
    // Only a worker with a pending query keeps the process alive.
    this.#worker.ref();
    try {
      return await new Promise<QueryResponse>((resolve, reject) => {
        this.#pending = { id: request.id, resolve, reject };
        this.#worker.postMessage(request);
      });
    } finally {
      removeListener?.();
      this.#worker.unref();
    }
  }

  /** Stops the running query at its next row. */
  cancel(): void {
    if (this.#pending !== undefined) Atomics.store(this.#cancelled, 0, this.#pending.id);
  }

  /** Closes the connection after the running query. Resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#worker.ref();
    if (this.isAlive) this.#worker.postMessage({ close: true });
    await this.#exited.promise;
  }

  #receive(message: WorkerMessage): void {
    if ("opened" in message) {
      this.#worker.unref();
      this.#opened.resolve();
    } else if ("failure" in message) this.#fail(message.failure);
    else {
      this.#inTransaction = message.inTransaction;
      this.#settle()?.resolve(message);
    }
  }

  #fail({ id, message, resultCode, inTransaction }: QueryFailure): void {
    const error = sqliteError(message, resultCode);
    this.#inTransaction = inTransaction;
    if (id === undefined) this.#end(error);
    else this.#settle()?.reject(error);
  }

  #settle(): PendingQuery | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  #end(reason: Error): void {
    this.#endReason ??= reason;
    this.#inTransaction = false;
    this.#opened.reject(this.#endReason);
    this.#settle()?.reject(this.#endReason);
  }
}
