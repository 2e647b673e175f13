const settled = Promise.resolve();

/**
 * Holds back the batches of a request's loaders while its execution pauses in the middle of a level: sent then, they would
 * have the keys so far, and the number of calls would follow the length of a list.
 */
export class HeldBatches {
  #pauses = 0;
  #held: (() => void)[] = [];

  /**
   * For DataLoader's `batchScheduleFn`: dispatches when the promise jobs that are queued have run, as DataLoader itself
   * does, and when the execution goes on.
   */
  readonly schedule = (dispatch: () => void): void => {
    void settled.then(() => process.nextTick(() => this.#dispatch(dispatch)));
  };

  /** Each call must be followed by one of `release`. */
  hold(): void {
    this.#pauses++;
  }

  release(): void {
    if (--this.#pauses > 0 || this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    for (const dispatch of held) this.schedule(dispatch);
  }

  #dispatch(dispatch: () => void): void {
    if (this.#pauses > 0) this.#held.push(dispatch);
    else dispatch();
  }
}
