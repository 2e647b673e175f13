import { LinkedQueue } from "../core/linked-queue.ts";

/**
 * A counting semaphore whose permits are granted in the order of asking. It calls back instead of returning promises: a
 * waiter that gives up leaves the queue at once, and a released permit is granted within the same tick.
 */
export class Semaphore {
  #free: number;
  /** In the order of asking. */
  readonly #waiting = new LinkedQueue<() => void>();

  constructor(permits: number) {
    this.#free = permits;
  }

  /** How many wait for a permit. */
  get queueLength(): number {
    return this.#waiting.size;
  }

  /**
   * Calls `onPermit` when a permit is granted: at once if there is one.
   * @returns a function that releases the permit, or leaves the queue. A second call does nothing.
   */
  acquire(onPermit: () => void): () => void {
    let isHeld = false;
    const enter = () => {
      isHeld = true;
      onPermit();
    };
    const release = () => {
      if (this.#waiting.delete(enter) || !isHeld) return;
      isHeld = false;
      this.#grantNext();
    };
    if (this.#free === 0) {
      this.#waiting.add(enter);
    } else {
      this.#free--;
      enter();
    }
    return release;
  }

  #grantNext(): void {
    const next = this.#waiting.take();
    if (next === undefined) this.#free++;
    else next();
  }
}
