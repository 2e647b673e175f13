import { BackOff } from "./back-off.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** The place of one worker among those that serve: whoever fills it may change. */
export class Place {
  /** From 1 on. */
  readonly number: number;
  readonly backOff = new BackOff();
  /** The worker that serves here; undefined from its loss until there is another one. */
  worker: WorkerProcess | undefined;
  /** When the present worker began to serve, by the monotonic clock. */
  servesSince = 0;
  /** Whether a worker is being started for it: there is one such start at a time. */
  isFilling = false;

  constructor(number: number) {
    this.number = number;
  }
}
