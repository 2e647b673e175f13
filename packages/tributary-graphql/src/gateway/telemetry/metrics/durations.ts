/** Upper bounds of the buckets of every duration, in seconds: from what memory answers to the default deadline. */
export const bucketBounds: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A histogram of durations. Adding one takes no allocation. */
export class Durations {
  /** How many durations are in each bucket alone; the last one has no bound. */
  readonly counts: number[] = bucketBounds.map(() => 0).concat(0);
  sumSeconds = 0;

  add(durationMs: number): void {
    const seconds = durationMs / 1_000;
    let bucket = 0;
    while (seconds > (bucketBounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sumSeconds += seconds;
  }
}
