import { LinkedQueue } from "../core/linked-queue.ts";

/**
 * A counting semaphore with a FIFO queue. It takes callbacks instead of returning promises, so that a waiter leaves the
 * queue at once and a released permit is granted within the same tick.
 */
export class Semaphore {
  #free: number;
  readonly #waiting = new LinkedQueue<() => void>();

  constructor(permits: number) {
    this.#free = permits;
  }

  /** The number of waiters. */
  get queueLength(): number {
    return this.#waiting.size;
  }

  /**
   * Calls `onPermit` when a permit is granted: synchronously if one is free.
   * @returns a function that releases the permit, or leaves the queue; a second call of it does nothing
   */
  acquire(onPermit: () => void): () => void {
    let isHeld = false;
    const grant = () => {
      isHeld = true;
      onPermit();
    };
    const release = () => {
      if (this.#waiting.delete(grant) || !isHeld) return;
      isHeld = false;
      this.#grantNext();
    };
    if (this.#free === 0) {
      this.#waiting.add(grant);
    } else {
      this.#free--;
      grant();
    }
    return release;
  }

  #grantNext(): void {
    const next = this.#waiting.take();
    if (next === undefined) this.#free++;
    else next();
  }
}
