import type { ServerResponse } from "node:http";
import { holdUnsent } from "./unsent-bytes.ts";

/**
 * Writes an answer that is known as a whole: head and body leave in one go.
 *
 * @param headers names and values in turn; without the length, which is added to them
 */
export function writeWhole(target: ServerResponse, status: number, headers: string[], body: string | Uint8Array): void {
  // Writing to a response whose client has left would raise an error that nobody listens to.
  if (target.destroyed) return;
  const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  headers.push("content-length", String(bytes));
  target.writeHead(status, headers);
  holdUnsent(target, bytes);
  target.end(body);
}
