import { eventLoopBudget } from "./event-loop-budget.ts";

const settled = Promise.resolve();

/** So many batches are dispatched in one event-loop iteration, however long that takes, so that their calls run concurrently. */
const minTogether = 32;

/**
 * Dispatches the batches of a request's loaders, and holds them while its execution pauses in the middle of a level: dispatched
 * then, they would have the keys so far, and the number of calls would follow the length of a list. The batches of hundreds of
 * loaders are spread over several event-loop iterations.
 */
export class BatchScheduler {
  #holds = 0;
  #count = 0;
  /** How many were scheduled and not dispatched. */
  #pending = 0;
  #held: (() => void)[] = [];
  #isPostponed = false;

  /** How many batches were scheduled so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * For DataLoader's `batchScheduleFn`: dispatches when the queued promise jobs have run, as DataLoader itself does, and no
   * execution holds the batches.
   */
  readonly schedule = (dispatch: () => void): void => {
    this.#count++;
    this.#pending++;
    this.#afterPromiseJobs(dispatch);
  };

  /** Each call must be followed by one of `release`. */
  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    if (this.#holds > 0 || this.#isPostponed) return;
    for (const dispatch of this.#held.splice(0)) this.#afterPromiseJobs(dispatch);
  }

  #afterPromiseJobs(dispatch: () => void): void {
    void settled.then(() => process.nextTick(() => this.#dispatch(dispatch)));
  }

  #dispatch(dispatch: () => void): void {
    if (this.#holds > 0 || this.#isPostponed) {
      this.#held.push(dispatch);
      return;
    }
    this.#pending--;
    dispatch();
    if (this.#pending > minTogether && eventLoopBudget.isOver()) this.#postpone();
  }

  /** Leaves the other batches to the next iteration. Keys may join them meanwhile. */
  #postpone(): void {
    this.#isPostponed = true;
    eventLoopBudget.postpone(() => this.#dispatchPostponed(), false);
  }

  #dispatchPostponed(): void {
    this.#isPostponed = false;
    if (this.#holds > 0) return;
    for (let dispatch = this.#held.shift(); dispatch !== undefined; dispatch = this.#held.shift()) {
      this.#dispatch(dispatch);
      if (this.#isPostponed) return;
    }
  }
}
