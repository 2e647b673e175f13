/** How many statements of one batch run at once. */
const maxAtOnce = 4;

/**
 * The values of many keys, asked for in chunks, of which at most four run at once. A chunk that fails fails its own keys:
 * they have an `Error` in their place. When there is only one, its failure is thrown.
 */
export async function inChunks<Key, Value>(
  keys: readonly Key[],
  size: number,
  run: (chunk: readonly Key[]) => Promise<readonly (Value | Error)[]>,
): Promise<readonly (Value | Error)[]> {
  if (keys.length <= size) return run(keys);
  const starts = Array.from({ length: Math.ceil(keys.length / size) }, (_, index) => index * size);
  const results: (readonly (Value | Error)[])[] = [];
  const waiting = starts.entries();
  const worker = async () => {
    for (const [index, start] of waiting) {
      const chunk = keys.slice(start, start + size);
      results[index] = await run(chunk).catch((error) => chunk.map(() => toError(error)));
    }
  };
  await Promise.all(Array.from({ length: maxAtOnce }, worker));
  return results.flat();
}

const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(`Expected an Error to be thrown, got ${String(error)}.`, { cause: error });
