/** How long all executions together work in one event-loop iteration, in milliseconds. */
const budgetMs = 10;

/**
 * Shares the event loop between executions and everything else: once executions have worked for 10 ms in one iteration, the
 * rest is postponed to the next one. In between timers fire, and sockets are read and written. Work for small results comes
 * first, then the other work, each in order of arrival.
 */
class EventLoopBudget {
  /** When the work of this iteration began, on the clock of `performance.now()`; 0 before the first call of `isOver` in it. */
  #beganAt = 0;
  readonly #small = new WorkQueue();
  readonly #large = new WorkQueue();
  #isScheduled = false;

  /** Whether the budget of this iteration is spent. Time counts from the first call in an iteration. */
  isOver(): boolean {
    const now = performance.now();
    if (this.#beganAt === 0) {
      this.#beganAt = now;
      this.#schedule();
    }
    return now - this.#beganAt >= budgetMs;
  }

  /** Calls `work` in a later iteration. It must not throw. */
  postpone(work: () => void, isSmall: boolean): void {
    (isSmall ? this.#small : this.#large).add(work);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#runPostponed());
  }

  /** Each queue has a budget of its own, so that small results cannot starve large ones. */
  #runPostponed(): void {
    this.#isScheduled = false;
    this.#runQueue(this.#small);
    this.#runQueue(this.#large);
    if (this.#small.size + this.#large.size > 0) this.#schedule();
  }

  /** Leaves work that is postponed meanwhile to the iteration after. */
  #runQueue(queue: WorkQueue): void {
    this.#beganAt = 0;
    for (let left = queue.size; left > 0; left--) {
      queue.take()?.();
      if (this.isOver()) return;
    }
  }
}

/** A FIFO queue whose `take` does not move the other entries. */
class WorkQueue {
  #work: (() => void)[] = [];
  #taken = 0;

  get size(): number {
    return this.#work.length - this.#taken;
  }

  add(work: () => void): void {
    this.#work.push(work);
  }

  take(): (() => void) | undefined {
    const work = this.#work[this.#taken++];
    if (this.#taken >= this.#work.length) {
      this.#work = [];
      this.#taken = 0;
    }
    return work;
  }
}

export const eventLoopBudget = new EventLoopBudget();
