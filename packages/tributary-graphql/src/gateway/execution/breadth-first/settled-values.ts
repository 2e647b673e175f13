import type { Execution } from "./execution.ts";
import type { PendingValue } from "./pending-value.ts";
import type { Positions } from "./response-positions.ts";
import { unitsPerCall, type Work } from "./work.ts";

/** Completes values whose promises have settled. */
export class SettledValues implements Work<Execution> {
  readonly #resume: (pendingValue: PendingValue<Positions>) => void;
  readonly #all: readonly PendingValue<Positions>[];
  #next = 0;
  #areRejectionsHandled = false;

  constructor(all: readonly PendingValue<Positions>[], resume: (pendingValue: PendingValue<Positions>) => void) {
    this.#all = all;
    this.#resume = resume;
  }

  advance(execution: Execution): boolean {
    while (this.#next < this.#all.length) {
      this.#resume(this.#all[this.#next++] as PendingValue<Positions>);
      if (execution.isTimeUp(unitsPerCall)) return false;
    }
    return true;
  }

  handleRejections({ rejectionHandlers }: Execution): void {
    if (this.#areRejectionsHandled) return;
    this.#areRejectionsHandled = true;
    for (let index = this.#next; index < this.#all.length; index++) rejectionHandlers.addTo(this.#all[index]?.outcome);
  }

  /** To be called at an abort: values that have settled until then belong to the partial result. */
  markSettled(): void {
    for (let index = this.#next; index < this.#all.length; index++)
      (this.#all[index] as PendingValue<Positions>).settledBeforeAbort = true;
  }
}
