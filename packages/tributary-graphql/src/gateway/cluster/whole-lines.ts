import { finished, type Readable, type Writable } from "node:stream";

const lineFeed = 0x0a;

/**
 * Passes on what a process writes in whole lines, so that those of several processes cannot run into each other: a pipe
 * keeps writes apart up to 4,096 bytes only. The last line gets an end when it has none. Fulfils at the end of `source`.
 */
export function passOnLines(source: Readable, target: Writable): Promise<void> {
  let begun: Buffer[] = [];
  source.on("data", (chunk: Buffer) => {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const lines = end === chunk.length ? chunk : chunk.subarray(0, end);
      pass(begun.length === 0 ? lines : Buffer.concat([...begun, lines]), source, target);
      begun = [];
    }
    if (end < chunk.length) begun.push(chunk.subarray(end));
  });
  return new Promise((resolve) => {
    finished(source, () => {
      if (begun.length > 0) pass(Buffer.concat([...begun, Buffer.of(lineFeed)]), source, target);
      resolve();
    });
  });
}

/** Reads no more while the target is full. One that is gone takes nothing, which is no reason to hold up who writes. */
function pass(lines: Buffer, source: Readable, target: Writable): void {
  if (target.errored !== null || target.destroyed) return;
  if (target.write(lines)) return;
  source.pause();
  const goOn = () => {
    target.off("drain", goOn).off("error", goOn);
    source.resume();
  };
  target.on("drain", goOn).on("error", goOn);
}
