import { onAbort } from "../../../core/abort-listeners.ts";
import { ConnectionQueue, type QueueOptions } from "../connection-queue.ts";
import type { QueryOrigin } from "../query-origin.ts";
import { SqliteError } from "./errors.ts";
import type { SqliteWorker } from "./sqlite-worker.ts";

/** A worker that is lent to one statement or one transaction. */
export interface WorkerLoan {
  readonly worker: SqliteWorker;
  /** Gives it back. */
  release(): void;
}

/** Lends workers, so that no request and no table has all of them. Starts one when none is free and fewer than `size` run. */
export class WorkerPool {
  readonly #start: () => SqliteWorker;
  readonly #queue: ConnectionQueue;
  readonly #workers = new Set<SqliteWorker>();
  readonly #free: SqliteWorker[] = [];
  #closed = false;

  constructor(options: QueueOptions, start: () => SqliteWorker) {
    this.#queue = new ConnectionQueue(options);
    this.#start = start;
  }

  /**
   * A worker of one's own until it is released.
   *
   * @throws the signal's reason when it aborts before one is free; SqliteError when the database is closed; DomainError
   *   `OVERLOADED` when too many wait
   */
  async acquire(origin: QueryOrigin, signal?: AbortSignal): Promise<WorkerLoan> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedDatabase();
    const leave = await this.#enter(origin, signal);
    if (this.#closed) {
      leave();
      throw closedDatabase();
    }
    const worker = this.#takeFree() ?? this.#startOne();
    const release = () => {
      this.#giveBack(worker);
      leave();
    };
    return { worker, release };
  }

  /** Closes every worker once its query has ended; whoever still waits for one is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.close(closedDatabase());
    await Promise.all([...this.#workers].map((worker) => worker.close()));
  }

  async #enter(origin: QueryOrigin, signal: AbortSignal | undefined): Promise<() => void> {
    const entered = this.#queue.enter(origin, signal);
    if (signal === undefined) return entered;
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const removeListener = onAbort(signal, () => reject(signal.reason));
    // It may have been granted just before the signal aborted.
    entered.then((leave) => (signal.aborted ? leave() : resolve(leave)), reject);
    try {
      return await promise;
    } finally {
      removeListener();
    }
  }

  #giveBack(worker: SqliteWorker): void {
    if (worker.isAlive) this.#free.push(worker);
    else this.#workers.delete(worker);
  }

  /** A crash while nobody held the worker is noticed here, and the worker forgotten. */
  #takeFree(): SqliteWorker | undefined {
    for (let worker = this.#free.pop(); worker !== undefined; worker = this.#free.pop()) {
      if (worker.isAlive) return worker;
      this.#workers.delete(worker);
    }
  }

  #startOne(): SqliteWorker {
    const worker = this.#start();
    this.#workers.add(worker);
    return worker;
  }
}

const closedDatabase = (): SqliteError => new SqliteError("The database has been closed.", "SQLITE_MISUSE");
