/** The longest wait between two starts of a worker that ends again and again, in milliseconds. */
const longestMs = 30_000;

/** How long a worker has to have served until its end counts as the first one again, in milliseconds. */
const steadyMs = 60_000;

/** How long to wait before a lost worker is replaced: not at all the first time, then 0.5, 1, 2 … 30 seconds. */
export class BackOff {
  #losses = 0;

  /** Counts a loss, and gives the wait before the next start. `servedMs`: how long the lost one had served; 0 for never. */
  delayAfter(servedMs: number): number {
    if (servedMs >= steadyMs) this.#losses = 0;
    this.#losses += 1;
    return this.#losses === 1 ? 0 : Math.min(longestMs, 500 * 2 ** (this.#losses - 2));
  }
}
