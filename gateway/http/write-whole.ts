import type { ServerResponse } from "node:http";

/**
 * Writes an answer that is known as a whole: head and body leave in one go.
 *
 * @param headers names and values in turn; without the length, which is added to them
 */
export function writeWhole(target: ServerResponse, status: number, headers: string[], body: string | Uint8Array): void {
  // Writing to a response whose client has left would raise an error that nobody listens to.
  if (target.destroyed) return;
  headers.push("content-length", String(typeof body === "string" ? Buffer.byteLength(body) : body.byteLength));
  target.writeHead(status, headers);
  target.end(body);
}
