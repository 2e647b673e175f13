import { RestartBackoff } from "./restart-backoff.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** One of the workers of a cluster, which keeps its number when its process is replaced. */
export class WorkerSlot {
  /** Counted from 1. */
  readonly number: number;
  readonly backoff = new RestartBackoff();
  /** Undefined from the exit of a worker until its replacement is ready. */
  worker: WorkerProcess | undefined;
  /** When the current worker became ready, in milliseconds of `performance.now()`. */
  servesSince = 0;
  /** Whether a worker is being started for it. There is at most one start at a time. */
  isFilling = false;

  constructor(number: number) {
    this.number = number;
  }
}
