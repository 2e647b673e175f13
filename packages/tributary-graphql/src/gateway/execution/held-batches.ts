import { eventLoopBudget } from "./event-loop-budget.ts";

const settled = Promise.resolve();

/** So many batches go out together, however long that takes: in another turn they would no longer be side by side. */
const fewBatches = 32;

/**
 * Holds back the batches of a request's loaders while its execution pauses in the middle of a level: sent then, they would
 * have the keys so far, and the number of calls would follow the length of a list. Batches of hundreds of loaders are sent
 * in several turns of the event loop.
 */
export class HeldBatches {
  #pauses = 0;
  #count = 0;
  /** How many were asked for and not sent. */
  #pending = 0;
  #held: (() => void)[] = [];
  #isPutOff = false;

  /** How many batches were asked for. */
  get count(): number {
    return this.#count;
  }

  /**
   * For DataLoader's `batchScheduleFn`: dispatches when the promise jobs that are queued have run, as DataLoader itself
   * does, and when the execution goes on.
   */
  readonly schedule = (dispatch: () => void): void => {
    this.#count++;
    this.#pending++;
    this.#afterPromiseJobs(dispatch);
  };

  /** Each call must be followed by one of `release`. */
  hold(): void {
    this.#pauses++;
  }

  release(): void {
    this.#pauses--;
    if (this.#pauses > 0 || this.#isPutOff) return;
    for (const dispatch of this.#held.splice(0)) this.#afterPromiseJobs(dispatch);
  }

  #afterPromiseJobs(dispatch: () => void): void {
    void settled.then(() => process.nextTick(() => this.#dispatch(dispatch)));
  }

  #dispatch(dispatch: () => void): void {
    if (this.#pauses > 0 || this.#isPutOff) {
      this.#held.push(dispatch);
      return;
    }
    this.#pending--;
    dispatch();
    if (this.#pending > fewBatches && eventLoopBudget.isOver()) this.#putOff();
  }

  /** The others wait for the next turn. Keys may join them meanwhile. */
  #putOff(): void {
    this.#isPutOff = true;
    eventLoopBudget.putOff(() => this.#sendPutOff(), false);
  }

  #sendPutOff(): void {
    this.#isPutOff = false;
    if (this.#pauses > 0) return;
    for (let dispatch = this.#held.shift(); dispatch !== undefined; dispatch = this.#held.shift()) {
      this.#dispatch(dispatch);
      if (this.#isPutOff) return;
    }
  }
}
