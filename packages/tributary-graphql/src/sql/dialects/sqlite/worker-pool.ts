import { onAbort } from "../../../core/abort-listeners.ts";
import { FairSemaphore, type FairSemaphoreOptions } from "../fair-semaphore.ts";
import type { QueryOrigin } from "../query-origin.ts";
import { SqliteError } from "./errors.ts";
import type { SqliteWorker } from "./sqlite-worker.ts";

/** A worker acquired for one statement or one transaction. */
export interface AcquiredWorker {
  readonly worker: SqliteWorker;
  /** Returns the worker to the pool. */
  release(): void;
}

/** A pool of at most `size` workers, which start on demand. Its semaphore is fair by request and by table. */
export class WorkerPool {
  readonly #start: () => SqliteWorker;
  readonly #semaphore: FairSemaphore;
  readonly #workers = new Set<SqliteWorker>();
  readonly #idle: SqliteWorker[] = [];
  #closed = false;

  constructor(options: FairSemaphoreOptions, start: () => SqliteWorker) {
    this.#semaphore = new FairSemaphore(options);
    this.#start = start;
  }

  /**
   * Acquires a worker for exclusive use.
   *
   * @throws the signal's reason when it aborts during the wait; SqliteError when the database is closed; DomainError
   *   `OVERLOADED` when too many queries wait
   */
  async acquire(origin: QueryOrigin, signal?: AbortSignal): Promise<AcquiredWorker> {
    signal?.throwIfAborted();
    if (this.#closed) throw databaseClosedError();
    const releasePermit = await this.#acquirePermit(origin, signal);
    if (this.#closed) {
      releasePermit();
      throw databaseClosedError();
    }
    const worker = this.#takeIdle() ?? this.#startOne();
    const release = () => {
      this.#release(worker);
      releasePermit();
    };
    return { worker, release };
  }

  /** Closes every worker after its running query, and rejects all waiters. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#semaphore.close(databaseClosedError());
    await Promise.all([...this.#workers].map((worker) => worker.close()));
  }

  async #acquirePermit(origin: QueryOrigin, signal: AbortSignal | undefined): Promise<() => void> {
    const permit = this.#semaphore.acquire(origin, signal);
    if (signal === undefined) return permit;
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const removeListener = onAbort(signal, () => reject(signal.reason));
    // The permit may have been granted just before the signal aborted.
    permit.then((release) => (signal.aborted ? release() : resolve(release)), reject);
    try {
      return await promise;
    } finally {
      removeListener();
    }
  }

  #release(worker: SqliteWorker): void {
    if (worker.isAlive) this.#idle.push(worker);
    else this.#workers.delete(worker);
  }

  /** Drops workers that have crashed while they were idle. */
  #takeIdle(): SqliteWorker | undefined {
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
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

const databaseClosedError = (): SqliteError => new SqliteError("The database has been closed.", "SQLITE_MISUSE");
