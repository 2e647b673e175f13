import { LinkedQueue } from "../core/linked-queue.ts";

/**
 * A number of places for calls, given out in the order of asking. No promises: whoever stops waiting is out of the queue
 * at once, and a place that gets free is taken within the same tick.
 */
export class Places {
  readonly count: number;
  #free: number;
  /** In the order of asking. */
  readonly #waiting = new LinkedQueue<() => void>();

  constructor(count: number) {
    this.count = count;
    this.#free = count;
  }

  /** How many wait for a place. */
  get queueLength(): number {
    return this.#waiting.size;
  }

  /**
   * Calls `onPlace` when there is a place for it, right away if there is one now.
   * @returns what gives the place back, or ends the waiting for it; calling it again does nothing
   */
  take(onPlace: () => void): () => void {
    let isHeld = false;
    const enter = () => {
      isHeld = true;
      onPlace();
    };
    const leave = () => {
      if (this.#waiting.delete(enter) || !isHeld) return;
      isHeld = false;
      this.#handOn();
    };
    if (this.#free === 0) {
      this.#waiting.add(enter);
    } else {
      this.#free--;
      enter();
    }
    return leave;
  }

  #handOn(): void {
    const next = this.#waiting.take();
    if (next === undefined) this.#free++;
    else next();
  }
}
