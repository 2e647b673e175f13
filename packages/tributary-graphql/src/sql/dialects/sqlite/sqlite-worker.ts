import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { onAbort } from "../../../core/abort-listeners.ts";
import { sqliteError, workerGone } from "./errors.ts";
import type { QueryAnswer, QueryFailure, QueryRequest, WorkerMessage, WorkerOptions } from "./protocol.ts";

interface Waiting {
  readonly id: number;
  resolve(answer: QueryAnswer): void;
  reject(error: Error): void;
}

/** Ends as this file does: `.ts` in the repository, `.js` in the package. The compiler rewrites imports, and this is none. */
const workerFile = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

/** The main thread's end of one SQLite connection. Runs one query at a time: whoever holds it must wait for its answer. */
export class SqliteWorker {
  readonly #worker: Worker;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #opened = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  #waiting: Waiting | undefined;
  #nextId = 1;
  #endedBecause: Error | undefined;
  #inTransaction = false;

  constructor(options: Omit<WorkerOptions, "cancelled">) {
    const workerData: WorkerOptions = { ...options, cancelled: this.#cancelled };
    // The worker needs none of the flags or loaders that this process was started with.
    this.#worker = new Worker(workerFile, { workerData, execArgv: [], name: "sqlite" });
    this.#worker.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#worker.on("error", (error) => this.#end(workerGone(error.message)));
    this.#worker.on("exit", () => {
      this.#end(workerGone("its thread stopped"));
      this.#exited.resolve();
    });
    this.#opened.promise.catch(() => {});
  }

  /** Resolves when the file is open; rejects with an `SqliteError` when it cannot be. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** False once the thread has ended: such a worker answers nothing any more. */
  get isAlive(): boolean {
    return this.#endedBecause === undefined;
  }

  /** Whether the last statement left a transaction open. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /**
   * Runs one statement. When `signal` aborts, the worker stops at its next row and the answer has the rows so far.
   *
   * @throws SqliteError when SQLite refuses the statement or the thread ends.
   */
  async run(sql: string, parameters: readonly unknown[], signal?: AbortSignal): Promise<QueryAnswer> {
    await this.#opened.promise;
    if (this.#endedBecause !== undefined) throw this.#endedBecause;
    const request: QueryRequest = { id: this.#nextId, sql, parameters };
    this.#nextId = (this.#nextId % 0x7fff_fffe) + 1;
    const stop = () => Atomics.store(this.#cancelled, 0, request.id);
    const removeListener = signal && onAbort(signal, stop);
    // An idle worker does not keep the process alive; one that owes an answer does.
    this.#worker.ref();
    try {
      return await new Promise<QueryAnswer>((resolve, reject) => {
        this.#waiting = { id: request.id, resolve, reject };
        this.#worker.postMessage(request);
      });
    } finally {
      removeListener?.();
      this.#worker.unref();
    }
  }

  /** Stops the running query at its next row. */
  cancel(): void {
    if (this.#waiting !== undefined) Atomics.store(this.#cancelled, 0, this.#waiting.id);
  }

  /** Closes the connection; a query that runs is finished first. Resolves when the thread has ended. */
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

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #end(reason: Error): void {
    this.#endedBecause ??= reason;
    this.#inTransaction = false;
    this.#opened.reject(this.#endedBecause);
    this.#settle()?.reject(this.#endedBecause);
  }
}
