/** One way to get an answer. */
export interface Contender<Answer> {
  readonly name: string;
  run(): Promise<Answer>;
}

/** Milliseconds of each round, in order. */
export type Timings = readonly number[];

/**
 * Times contenders round by round, so that what slows the machine for a while slows all of them, and starts each round
 * with another one, so that none is always the one that finds the caches warm.
 *
 * @returns the timings by contender's name
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
 * Makes sure that all contenders give the same answer, in what `summarize` keeps of it: a faster wrong one is no contender.
 * @throws Error that names the one that differs from the first
 */
export async function expectSameAnswers<Answer>(
  contenders: readonly Contender<Answer>[],
  summarize: (answer: Answer) => unknown,
): Promise<void> {
  const [first, ...others] = contenders;
  if (first === undefined) return;
  const expected = JSON.stringify(summarize(await first.run()));
  for (const other of others) {
    const answer = JSON.stringify(summarize(await other.run()));
    if (answer !== expected)
      throw new Error(
        `Expected ${other.name} to answer as ${first.name} does: ${excerpt(expected)}, got ${excerpt(answer)}.`,
      );
  }
}

const excerpt = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
