import { eventLoopBudget } from "./event-loop-budget.ts";
import type { HeldBatches } from "./held-batches.ts";
import type { ResultSize } from "./result-size.ts";
import { WorkPeriod } from "./work-period.ts";

/** How many objects are made between two looks at the clock. */
const objectsPerLook = 8;

/**
 * The objects of one execution that wait for the next turn of the event loop, in their order. graphql-js makes some of
 * them in the turns in which promises come, so those of large results have no patience with loaders that cannot be held.
 */
export class PausedObjects {
  readonly #batches: () => HeldBatches;
  readonly #period: WorkPeriod;
  readonly #size: ResultSize;
  #objectsLeft = objectsPerLook;
  #pending: (() => void)[] = [];
  /** How many of those have begun. */
  #begun = 0;
  #isPaused = false;
  #isWorking = false;
  #isPeriodOpen = false;

  /** @param size of all that they belong to: while it is small they have more time, and when it is large they may have to wait for other executions */
  constructor(batches: () => HeldBatches, size: ResultSize) {
    this.#batches = batches;
    this.#size = size;
    this.#period = new WorkPeriod(batches);
  }

  /** To be called when a field has given a promise. */
  noticePromise(): void {
    this.#period.noticeAnyPromise();
  }

  /** Whether an object that begins has to wait: behind those that wait already, too. */
  isTimeUp(): boolean {
    if (this.#isPaused && !this.#isWorking) return true;
    if (--this.#objectsLeft > 0) return false;
    this.#objectsLeft = objectsPerLook;
    this.#openPeriod();
    if (this.#size.isSmall) return this.#period.isOver(true);
    return eventLoopBudget.isOver() || (this.#size.share?.mustWait ?? false);
  }

  /**
   * Does work in a later turn. As long as there is any the batches of the loaders are held.
   *
   * @throws what the work throws
   */
  later<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#pending.push(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    if (!this.#isPaused) {
      this.#isPaused = true;
      this.#batches().hold();
      this.#putOff();
    }
    return promise;
  }

  /** It ends with the turn of the event loop. */
  #openPeriod(): void {
    if (this.#isPeriodOpen) return;
    this.#isPeriodOpen = true;
    this.#period.begin();
    setImmediate(() => {
      this.#isPeriodOpen = false;
    });
  }

  #putOff(): void {
    const { share } = this.#size;
    if (share?.mustWait) share.wait(() => this.#putOffForTime());
    else this.#putOffForTime();
  }

  #putOffForTime(): void {
    eventLoopBudget.putOff(() => this.#advance(), this.#size.isSmall);
  }

  #advance(): void {
    this.#period.begin();
    this.#isWorking = true;
    do this.#pending[this.#begun++]?.();
    while (this.#begun < this.#pending.length && !this.isTimeUp());
    this.#isWorking = false;
    if (this.#begun < this.#pending.length) {
      this.#putOff();
      return;
    }
    this.#pending = [];
    this.#begun = 0;
    this.#isPaused = false;
    this.#batches().release();
  }
}
