import type { IncomingMessage } from "node:http";

/**
 * Reads a body. A client that leaves before it has sent everything is never called back for.
 *
 * @param maxBytes after so many it is no longer kept; the rest is let go by, so that the connection can be used again
 * @param done called once, with undefined for a body that is too large
 */
export function readBody(request: IncomingMessage, maxBytes: number, done: (bytes: Buffer | undefined) => void): void {
  let bytes = 0;
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  const refuse = (): void => {
    request.off("data", onData).off("end", onEnd).resume();
    done(undefined);
  };
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes) refuse();
    else if (first === undefined) first = chunk;
    else if (chunks === undefined) chunks = [first, chunk];
    else chunks.push(chunk);
  };
  const onEnd = (): void => done(chunks ? Buffer.concat(chunks) : (first ?? Buffer.alloc(0)));
  if (Number(request.headers["content-length"]) > maxBytes) refuse();
  else request.on("data", onData).on("end", onEnd);
}
