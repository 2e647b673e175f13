import { finished, type Readable, type Writable } from "node:stream";

const lineFeed = 0x0a;

/**
 * Forwards the output of a process line by line: a pipe keeps writes of several processes apart only up to 4,096 bytes.
 * Adds a line feed to a last line without one. Fulfils at the end of `source`.
 */
export function forwardLines(source: Readable, target: Writable): Promise<void> {
  let partialLine: Buffer[] = [];
  source.on("data", (chunk: Buffer) => {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const lines = end === chunk.length ? chunk : chunk.subarray(0, end);
      forward(partialLine.length === 0 ? lines : Buffer.concat([...partialLine, lines]), source, target);
      partialLine = [];
    }
    if (end < chunk.length) partialLine.push(chunk.subarray(end));
  });
  return new Promise((resolve) => {
    finished(source, () => {
      if (partialLine.length > 0) forward(Buffer.concat([...partialLine, Buffer.of(lineFeed)]), source, target);
      resolve();
    });
  });
}

/** Pauses the source while the target is full. A closed target discards the lines, so that it never blocks the writer. */
function forward(lines: Buffer, source: Readable, target: Writable): void {
  if (target.errored !== null || target.destroyed) return;
  if (target.write(lines)) return;
  source.pause();
  const resume = () => {
    target.off("drain", resume).off("error", resume);
    source.resume();
  };
  target.on("drain", resume).on("error", resume);
}
