import type { BatchScheduler } from "../batch-scheduler.ts";
import type { ResultSize } from "../result-size.ts";

/** The limits of an execution that a gateway serves. */
export interface ExecutionLimits {
  /** The signal that may abort the execution. Called when a value is pending, or a resolver asks for the signal. */
  signal(): AbortSignal;
  readonly size: ResultSize;
  /** Holds the loaders' batches while the execution pauses. */
  readonly batchScheduler: () => BatchScheduler;
}
