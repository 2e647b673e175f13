/** For an even number of values the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = ordered.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [ordered[Math.ceil(middle) - 1], ordered[Math.floor(middle)]];
  return (low + high) / 2;
}

/**
 * The median of the ratios per round, because other load on the machine mostly affects both values of a round. Rounds of
 * only one of them are ignored.
 */
export const medianRatio = (ours: readonly number[], others: readonly number[]): number =>
  median(ours.slice(0, others.length).map((value, round) => value / (others[round] ?? Number.NaN)));
