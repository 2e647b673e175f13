import type { Execution } from "./execution.ts";
import type { Places } from "./places.ts";
import type { Awaited } from "./waiting.ts";
import { unitsPerCall, type Work } from "./work.ts";

/** Goes on with values that have come. */
export class ArrivedValues implements Work<Execution> {
  readonly #resume: (awaited: Awaited<Places>) => void;
  readonly #all: readonly Awaited<Places>[];
  #next = 0;
  #isHeard = false;

  constructor(all: readonly Awaited<Places>[], resume: (awaited: Awaited<Places>) => void) {
    this.#all = all;
    this.#resume = resume;
  }

  advance(execution: Execution): boolean {
    while (this.#next < this.#all.length) {
      this.#resume(this.#all[this.#next++] as Awaited<Places>);
      if (execution.isTimeUp(unitsPerCall)) return false;
    }
    return true;
  }

  listen({ unread }: Execution): void {
    if (this.#isHeard) return;
    this.#isHeard = true;
    for (let index = this.#next; index < this.#all.length; index++) unread.listenWithin(this.#all[index]?.outcome);
  }

  /** To be called at an abort: what has come until then belongs to the partial answer. */
  keepEarly(): void {
    for (let index = this.#next; index < this.#all.length; index++)
      (this.#all[index] as Awaited<Places>).isEarly = true;
  }
}
