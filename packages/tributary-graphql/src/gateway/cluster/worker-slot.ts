import { BackOff } from "./back-off.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** One slot of a cluster: a worker that ends is replaced in its slot. */
export class WorkerSlot {
  /** From 1 on. */
  readonly number: number;
  readonly backOff = new BackOff();
  /** Undefined from the loss of a worker until its replacement serves. */
  worker: WorkerProcess | undefined;
  /** When the present worker began to serve, by the monotonic clock. */
  servesSince = 0;
  /** Whether a worker is being started for it: there is one such start at a time. */
  isFilling = false;

  constructor(number: number) {
    this.number = number;
  }
}
