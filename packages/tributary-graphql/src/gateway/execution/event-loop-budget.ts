/** How long executions work in one turn of the event loop, all of them together, in milliseconds. */
const workMs = 10;

/**
 * Shares the event loop between executions and everything else: what has worked for 10 ms waits for the next turn of it.
 * In between timers fire, and sockets are read and written. Small results go on before the others, each kind in the order
 * in which it was put off.
 */
class EventLoopBudget {
  /** When the present turn's work began, on the clock of `performance.now()`; 0 while nobody has asked in it. */
  #beganAt = 0;
  readonly #small = new WorkQueue();
  readonly #large = new WorkQueue();
  #isScheduled = false;

  /** Whether the work of this turn has taken its time. The time counts from the first question of a turn. */
  isOver(): boolean {
    const now = performance.now();
    if (this.#beganAt === 0) {
      this.#beganAt = now;
      this.#schedule();
    }
    return now - this.#beganAt >= workMs;
  }

  /** Calls back in a later turn. `work` must not throw. */
  putOff(work: () => void, isSmall: boolean): void {
    (isSmall ? this.#small : this.#large).add(work);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#next());
  }

  /** Those that are small take no time from the others, of which at least one goes on. */
  #next(): void {
    this.#isScheduled = false;
    this.#run(this.#small);
    this.#run(this.#large);
    if (this.#small.size + this.#large.size > 0) this.#schedule();
  }

  /** What is put off meanwhile is for the turn after. */
  #run(queue: WorkQueue): void {
    this.#beganAt = 0;
    for (let left = queue.size; left > 0; left--) {
      queue.take()?.();
      if (this.isOver()) return;
    }
  }
}

/** First come, first served. */
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
