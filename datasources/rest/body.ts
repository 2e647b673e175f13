import type { Readable } from "node:stream";

/** A body that exceeds its limit. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";

  constructor(maxBytes: number) {
    super(`body exceeds ${maxBytes} bytes`);
  }
}

/**
 * The whole body as text, without the byte order mark that some services put before it.
 * @throws BodyTooLargeError as soon as more than `maxBytes` have come; the rest is not read
 */
export async function readText(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BodyTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
