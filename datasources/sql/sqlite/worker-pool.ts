import { onAbort } from "../../abort-listeners.ts";
import { SqliteError } from "./errors.ts";
import type { SqliteWorker } from "./sqlite-worker.ts";

interface Waiting {
  resolve(worker: SqliteWorker): void;
  reject(error: unknown): void;
}

/** Lends workers, first come first served. Starts one when none is free and fewer than `size` run. */
export class WorkerPool {
  readonly #size: number;
  readonly #start: () => SqliteWorker;
  readonly #workers = new Set<SqliteWorker>();
  readonly #free: SqliteWorker[] = [];
  readonly #queue = new Set<Waiting>();
  #closed = false;

  constructor(size: number, start: () => SqliteWorker) {
    this.#size = size;
    this.#start = start;
  }

  /** A worker of one's own until `release`. Rejects with the signal's reason when it aborts before one is free. */
  async acquire(signal?: AbortSignal): Promise<SqliteWorker> {
    signal?.throwIfAborted();
    if (this.#closed) throw new SqliteError("The database has been closed.", "SQLITE_MISUSE");
    const worker = this.#takeFree() ?? this.#startAnother();
    return worker ?? this.#wait(signal);
  }

  release(worker: SqliteWorker): void {
    if (!worker.isAlive) {
      this.#workers.delete(worker);
      if (this.#queue.size === 0 || this.#closed) return;
    }
    const [next] = this.#queue;
    if (next === undefined) this.#free.push(worker);
    else {
      this.#queue.delete(next);
      next.resolve(worker.isAlive ? worker : this.#startOne());
    }
  }

  /** Closes every worker once its query has ended; whoever still waits for one is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue)
      waiting.reject(new SqliteError("The database has been closed.", "SQLITE_MISUSE"));
    this.#queue.clear();
    await Promise.all([...this.#workers].map((worker) => worker.close()));
  }

  /** A crash while nobody held the worker is noticed here, and the worker forgotten. */
  #takeFree(): SqliteWorker | undefined {
    for (let worker = this.#free.pop(); worker !== undefined; worker = this.#free.pop()) {
      if (worker.isAlive) return worker;
      this.#workers.delete(worker);
    }
  }

  #startAnother(): SqliteWorker | undefined {
    return this.#workers.size < this.#size ? this.#startOne() : undefined;
  }

  #startOne(): SqliteWorker {
    const worker = this.#start();
    this.#workers.add(worker);
    return worker;
  }

  async #wait(signal: AbortSignal | undefined): Promise<SqliteWorker> {
    const { promise, resolve, reject } = Promise.withResolvers<SqliteWorker>();
    const waiting = { resolve, reject };
    const leave = () => {
      this.#queue.delete(waiting);
      reject(signal?.reason);
    };
    this.#queue.add(waiting);
    const removeListener = signal && onAbort(signal, leave);
    try {
      return await promise;
    } finally {
      removeListener?.();
    }
  }
}
