import type { BatchScheduler } from "./batch-scheduler.ts";
import { eventLoopBudget } from "./event-loop-budget.ts";
import type { ResultSize } from "./result-size.ts";
import { TimeSlice } from "./time-slice.ts";

/** How many objects are executed between two reads of the clock. */
const objectsPerCheck = 8;

/**
 * Postpones objects of one execution by graphql-js to a later event-loop iteration, in their order. graphql-js executes some of
 * them in the ticks in which promises settle, so large results have no extended time slice for loaders that cannot be held.
 */
export class ObjectScheduler {
  readonly #batchScheduler: () => BatchScheduler;
  readonly #timeSlice: TimeSlice;
  readonly #size: ResultSize;
  #objectsLeft = objectsPerCheck;
  #postponed: (() => void)[] = [];
  /** How many of those have begun. */
  #begun = 0;
  #isPaused = false;
  #isWorking = false;
  #isTimeSliceOpen = false;

  /** @param size of the whole answer: a small one has more time, and a large one may have to wait for other executions */
  constructor(batchScheduler: () => BatchScheduler, size: ResultSize) {
    this.#batchScheduler = batchScheduler;
    this.#size = size;
    this.#timeSlice = new TimeSlice(batchScheduler);
  }

  /** To be called when a field has returned a promise. */
  noticePromise(): void {
    this.#timeSlice.noticeAnyPromise();
  }

  /** Whether the next object has to be postponed. True too while others are, to keep the order. */
  isTimeUp(): boolean {
    if (this.#isPaused && !this.#isWorking) return true;
    if (--this.#objectsLeft > 0) return false;
    this.#objectsLeft = objectsPerCheck;
    this.#openTimeSlice();
    if (this.#size.isSmall) return this.#timeSlice.isOver(true);
    return eventLoopBudget.isOver() || (this.#size.share?.mustWait ?? false);
  }

  /**
   * Does work in a later event-loop iteration, and holds the loaders' batches until all such work is done.
   *
   * @throws what the work throws
   */
  postpone<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#postponed.push(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    if (!this.#isPaused) {
      this.#isPaused = true;
      this.#batchScheduler().hold();
      this.#pause();
    }
    return promise;
  }

  /** It ends with the event-loop iteration. */
  #openTimeSlice(): void {
    if (this.#isTimeSliceOpen) return;
    this.#isTimeSliceOpen = true;
    this.#timeSlice.begin();
    setImmediate(() => {
      this.#isTimeSliceOpen = false;
    });
  }

  #pause(): void {
    const { share } = this.#size;
    if (share?.mustWait) share.wait(() => this.#schedule());
    else this.#schedule();
  }

  #schedule(): void {
    eventLoopBudget.postpone(() => this.#advance(), this.#size.isSmall);
  }

  #advance(): void {
    this.#timeSlice.begin();
    this.#isWorking = true;
    do this.#postponed[this.#begun++]?.();
    while (this.#begun < this.#postponed.length && !this.isTimeUp());
    this.#isWorking = false;
    if (this.#begun < this.#postponed.length) {
      this.#pause();
      return;
    }
    this.#postponed = [];
    this.#begun = 0;
    this.#isPaused = false;
    this.#batchScheduler().release();
  }
}
