import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

const lineFeed = 0x0a;

/**
 * Passes on what a process writes in whole lines, so that those of several processes cannot run into each other: a pipe
 * keeps writes apart up to 4,096 bytes only. The last line gets an end when it has none. Fulfils at the end of `source`.
 */
export async function passOnLines(source: Readable, target: Writable): Promise<void> {
  let begun: Buffer[] = [];
  for await (const chunk of source) {
    const bytes: Buffer = chunk;
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      await write(target, Buffer.concat([...begun, bytes.subarray(0, end)]));
      begun = [];
    }
    if (end < bytes.length) begun.push(bytes.subarray(end));
  }
  if (begun.length > 0) await write(target, Buffer.concat([...begun, Buffer.of(lineFeed)]));
}

/** Waits while the target is full. One that is gone takes nothing more, which is no reason to hold up who writes. */
async function write(target: Writable, bytes: Buffer): Promise<void> {
  if (target.errored !== null || target.destroyed) return;
  if (!target.write(bytes)) await once(target, "drain").catch(() => undefined);
}
