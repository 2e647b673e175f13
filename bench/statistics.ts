/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = ordered.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [ordered[Math.ceil(middle) - 1], ordered[Math.floor(middle)]];
  return (low + high) / 2;
}

/**
 * How many times `ours` goes into `others`, round by round and the middle of that: what slowed a round mostly slowed both.
 * Rounds that only one of them has do not count.
 */
export const medianRatio = (ours: readonly number[], others: readonly number[]): number =>
  median(ours.slice(0, others.length).map((value, round) => value / (others[round] ?? Number.NaN)));
