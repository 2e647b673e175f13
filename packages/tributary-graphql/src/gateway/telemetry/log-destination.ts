import { type DestinationStream, destination } from "pino";

/** How long a line may wait for others, in milliseconds. */
const flushMs = 10;

/** As many characters are written before that. */
const maxWaiting = 65_536;

/**
 * Writes log lines to a file, those of ten milliseconds at once: a write for each line costs a busy gateway more than
 * everything else that it does for a request. What is still to be written is when the process exits; one that is killed
 * loses the last lines.
 *
 * @param dest a path, a file descriptor, or whatever takes the text. Default 1, standard output.
 */
export function logDestination(dest: string | number | DestinationStream = 1): DestinationStream {
  const stream = typeof dest === "object" ? dest : destination({ dest, sync: true });
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const lines = waiting;
    waiting = "";
    if (lines !== "") stream.write(lines);
  };
  process.on("exit", flush);
  return {
    write(line) {
      waiting += line;
      if (waiting.length > maxWaiting) flush();
      else timer ??= setTimeout(flush, flushMs);
    },
  };
}
