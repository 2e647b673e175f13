const maxDelayMs = 30_000;

/** A worker that has served this long resets the backoff when it exits. */
const resetAfterMs = 60_000;

/** Exponential backoff between restarts in one worker slot: 0, 0.5, 1, 2 … 30 seconds. */
export class RestartBackoff {
  #exits = 0;

  /**
   * Counts an exit. Returns the delay before the next start, in milliseconds.
   * @param servedMs how long the worker served before it exited; 0 if it never served
   */
  delayAfter(servedMs: number): number {
    if (servedMs >= resetAfterMs) this.#exits = 0;
    this.#exits += 1;
    return this.#exits === 1 ? 0 : Math.min(maxDelayMs, 500 * 2 ** (this.#exits - 2));
  }
}
