import type { BatchScheduler } from "./batch-scheduler.ts";
import { eventLoopBudget } from "./event-loop-budget.ts";

/** The extended time slice, in milliseconds of the thread's CPU time: a busy machine must not split the batches of loaders. */
const extendedCpuMs = 50;

/** In milliseconds by the clock. The CPU time is first read, and counted, after that. */
const unmeasuredMs = 1;

/**
 * How long one execution works without a pause: about 10 ms, or 50 ms of CPU time for small results, and where a field has
 * returned promises although no loader with `scheduleBatch` has scheduled a batch for it. A DataLoader without it sends its
 * batch in a pause, and the number of its batches would then follow the length of a list.
 */
export class TimeSlice {
  readonly #batchScheduler: () => BatchScheduler;
  /** When to read the CPU time next, on the clock of `performance.now()`; 0 before the first call of `isOver`. */
  #nextCpuRead = 0;
  /** The CPU time when it was first read; 0 before. */
  #cpuBegan = 0;
  /** The last field that has returned a promise. */
  #field: object | undefined;
  /** Whether a batch was scheduled before that field returned its first promise. */
  #isFieldHeld = false;
  #batchesBefore = 0;
  #isExtended = false;

  constructor(batchScheduler: () => BatchScheduler) {
    this.#batchScheduler = batchScheduler;
  }

  /** To be called when the execution begins or continues. */
  begin(): void {
    this.#nextCpuRead = 0;
    this.#cpuBegan = 0;
    this.#isExtended = false;
  }

  /** To be called when a resolver has returned a promise. */
  noticePromise(field: object): void {
    const batches = this.#batchScheduler().count;
    if (field !== this.#field) {
      this.#field = field;
      this.#isFieldHeld = batches > this.#batchesBefore;
    }
    this.#batchesBefore = batches;
    this.#isExtended ||= !this.#isFieldHeld;
  }

  /** The same, for a promise of an unknown field. */
  noticeAnyPromise(): void {
    this.#isExtended = true;
  }

  /** Whether the time slice is over. Time counts from the first call after `begin`. */
  isOver(isSmall: boolean): boolean {
    return isSmall || this.#isExtended ? this.#isExtendedOver() : eventLoopBudget.isOver();
  }

  /**
   * CPU time passes no faster than the clock, and takes ten times as long to read. So it is read when the clock says that it
   * may be over, and first after a millisecond: most executions take less.
   */
  #isExtendedOver(): boolean {
    const now = performance.now();
    if (this.#nextCpuRead === 0) this.#nextCpuRead = now + unmeasuredMs;
    if (now < this.#nextCpuRead) return false;
    const cpu = cpuMs();
    if (this.#cpuBegan === 0) this.#cpuBegan = cpu;
    const left = extendedCpuMs - (cpu - this.#cpuBegan);
    this.#nextCpuRead = now + left;
    return left <= 0;
  }
}

/** The CPU time of this thread since its start, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
