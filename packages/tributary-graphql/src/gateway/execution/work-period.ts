import { eventLoopBudget } from "./event-loop-budget.ts";
import type { HeldBatches } from "./held-batches.ts";

/**
 * How long work goes on whose promises may come from loaders that cannot be held, in milliseconds of the thread's own
 * time: a busy machine is no reason to split their batches.
 */
const patientCpuMs = 50;

/** How long it is by the clock until the thread's time is first read, which does not count before, in milliseconds. */
const unmeasuredMs = 1;

/**
 * The time that one execution works without a pause: some 10 ms. It is 50 ms for small results, and where a field has given promises although no
 * loader with `scheduleBatch` has been asked for it: a DataLoader that is made without it sends its batch in a pause, and
 * then the number of its batches would follow the length of a list.
 */
export class WorkPeriod {
  readonly #batches: () => HeldBatches;
  /** When the thread's time is to be looked at, on the clock of `performance.now()`; 0 while nobody has asked. */
  #nextCpuLook = 0;
  /** The thread's time when it was first looked at; 0 before. */
  #cpuBegan = 0;
  /** The last one that has given a promise. */
  #field: object | undefined;
  /** Whether a batch was asked for when that one gave its first promise. */
  #isFieldHeld = false;
  #batchesBefore = 0;
  #isPatient = false;

  constructor(batches: () => HeldBatches) {
    this.#batches = batches;
  }

  /** To be called when the execution begins, or goes on after it has waited. */
  begin(): void {
    this.#nextCpuLook = 0;
    this.#cpuBegan = 0;
    this.#isPatient = false;
  }

  /** To be called when a resolver has given a promise. */
  noticePromise(field: object): void {
    const batches = this.#batches().count;
    if (field !== this.#field) {
      this.#field = field;
      this.#isFieldHeld = batches > this.#batchesBefore;
    }
    this.#batchesBefore = batches;
    this.#isPatient ||= !this.#isFieldHeld;
  }

  /** The same where it is not known which field it is of. */
  noticeAnyPromise(): void {
    this.#isPatient = true;
  }

  /** Whether it has taken its time, which counts from the first question. */
  isOver(isSmall: boolean): boolean {
    return isSmall || this.#isPatient ? this.#isPatienceOver() : eventLoopBudget.isOver();
  }

  /**
   * The thread's time takes ten times as long to read as the clock, and passes no faster: it is read when the clock says
   * that it may be over, and first when a millisecond is over, which most executions never take.
   */
  #isPatienceOver(): boolean {
    const now = performance.now();
    if (this.#nextCpuLook === 0) this.#nextCpuLook = now + unmeasuredMs;
    if (now < this.#nextCpuLook) return false;
    const cpu = cpuMs();
    if (this.#cpuBegan === 0) this.#cpuBegan = cpu;
    const left = patientCpuMs - (cpu - this.#cpuBegan);
    this.#nextCpuLook = now + left;
    return left <= 0;
  }
}

/** Of this thread, since its start, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
