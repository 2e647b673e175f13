/** How many statements of one batch run concurrently. */
const maxConcurrent = 4;

/**
 * Reads many keys in chunks, at most four concurrently. A failed chunk gives an `Error` for each of its keys; a single
 * chunk throws its error.
 */
export async function inChunks<Key, Value>(
  keys: readonly Key[],
  size: number,
  run: (chunk: readonly Key[]) => Promise<readonly (Value | Error)[]>,
): Promise<readonly (Value | Error)[]> {
  if (keys.length <= size) return run(keys);
  const starts = Array.from({ length: Math.ceil(keys.length / size) }, (_, index) => index * size);
  const results: (readonly (Value | Error)[])[] = [];
  const pending = starts.entries();
  const worker = async () => {
    for (const [index, start] of pending) {
      const chunk = keys.slice(start, start + size);
      results[index] = await run(chunk).catch((error) => chunk.map(() => toError(error)));
    }
  };
  await Promise.all(Array.from({ length: maxConcurrent }, worker));
  return results.flat();
}

const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(`Expected an Error to be thrown, got ${String(error)}.`, { cause: error });
