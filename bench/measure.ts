/** An implementation to measure. */
export interface Contender<Result> {
  readonly name: string;
  run(): Promise<Result>;
}

/** Milliseconds per round. */
export type Timings = readonly number[];

/**
 * Times contenders round-robin, so that other load on the machine affects all of them. Each round starts with another
 * contender, so that none always benefits from warm caches.
 *
 * @returns the timings by name of the contender
 */
export async function timeRounds(
  contenders: readonly Contender<unknown>[],
  { rounds, warmUpRounds }: { readonly rounds: number; readonly warmUpRounds: number },
): Promise<ReadonlyMap<string, Timings>> {
  const timings = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const index of contenders.keys()) {
      const contender = contenders[(index + Math.abs(round)) % contenders.length];
      if (contender === undefined) continue;
      const startedAt = performance.now();
      await contender.run();
      if (round >= 0) timings.get(contender.name)?.push(performance.now() - startedAt);
    }
  }
  return timings;
}

/**
 * Checks that all contenders have the same result, as reduced by `summarize`.
 * @throws Error that names the first contender with another result
 */
export async function expectSameResults<Result>(
  contenders: readonly Contender<Result>[],
  summarize: (result: Result) => unknown,
): Promise<void> {
  const [first, ...others] = contenders;
  if (first === undefined) return;
  const expected = JSON.stringify(summarize(await first.run()));
  for (const other of others) {
    const actual = JSON.stringify(summarize(await other.run()));
    if (actual !== expected)
      throw new Error(
        `Expected ${other.name} to have the result of ${first.name}: ${excerpt(expected)}, got ${excerpt(actual)}.`,
      );
  }
}

const excerpt = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
