import { type DestinationStream, destination } from "pino";

/** Written before the turn is over: the library takes no more. */
const bufferedBytes = 16_000;

/**
 * Writes log lines to a file, all of one turn of the event loop at once: a write for each line costs a busy gateway as
 * much as everything else that it does for a request. No line waits longer than that turn, and what is still to be
 * written is when the process exits.
 *
 * @param dest a path or a file descriptor. Default 1, standard output.
 */
export function logDestination(dest: string | number = 1): DestinationStream {
  const stream = destination({ dest, sync: true, minLength: bufferedBytes });
  let isWaiting = false;
  const flush = (): void => {
    isWaiting = false;
    stream.flushSync();
  };
  process.on("exit", flush);
  return {
    write(line) {
      stream.write(line);
      if (isWaiting) return;
      isWaiting = true;
      setImmediate(flush);
    },
  };
}
