import { type EventEmitter, once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import { resultMemory } from "../execution/result-memory.ts";
import { knownBody } from "./json-response.ts";

/** Of either version of HTTP. Nothing here or in our answers sets what HTTP/2 forbids, `connection` above all. */
type Target = ServerResponse | Http2ServerResponse;

/**
 * Writes a fetch response to a node response, chunk by chunk, with back-pressure: it reads on when the client has taken what was
 * written, and cancels the body as soon as the client leaves, also while waiting for it.
 */
export async function sendResponse(response: Response, target: Target): Promise<void> {
  if (target.destroyed) return void (await response.body?.cancel());
  const body = knownBody(response);
  if (body !== undefined && !("stream" in target)) {
    return writeWhole(target, response.status, [...response.headers].flat(), body);
  }
  target.statusCode = response.status;
  setHeaders(target, response.headers);
  if (body !== undefined || response.body === null) {
    if (body !== undefined) holdUnsent(target, body.length);
    target.end(body ?? "");
    return;
  }
  await pump(response.body, target);
}

async function pump(body: ReadableStream<Uint8Array>, target: Target): Promise<void> {
  const reader = body.getReader();
  const onClose = () => void reader.cancel().catch(() => undefined);
  target.once("close", onClose);
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      await writeAndDrain(target, chunk.value);
    }
    target.end();
  } catch {
    // The body failed, or the client went away while it was written: all that is left is to cut the connection.
    target.destroy();
  } finally {
    target.off("close", onClose);
  }
}

/** One by one: HTTP/2 has no `setHeaders`. */
function setHeaders(target: Target, headers: Headers): void {
  for (const [name, value] of headers) {
    if ("stream" in target) target.appendHeader(name, value);
    else target.appendHeader(name, value);
  }
}

/** Waits for the client where it is slow: what it has not taken is counted meanwhile. */
async function writeAndDrain(target: Target, bytes: Uint8Array): Promise<void> {
  if (write(target, bytes)) return;
  const release = resultMemory.holdUnsent(bytes.byteLength);
  try {
    await drained(target);
  } finally {
    release();
  }
}

/** Whether there is room for more. */
const write = (target: Target, bytes: Uint8Array): boolean =>
  "stream" in target ? target.write(bytes) : target.write(bytes);

/** Waits until the client has taken what was written, or has left. For how long is for the server to say. */
async function drained(target: Target): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    await Promise.race([once(target, "drain", { signal }), once(target, "close", { signal })]);
  } finally {
    waiting.abort();
  }
}

/** Bytes of an answer that are not worth counting while they wait for the client. */
const fewBytes = 64 * 1024;

/** Counts what is about to be written to a response as memory of large results, until its client has taken it or has left. */
export function holdUnsent(target: EventEmitter, bytes: number): void {
  if (bytes > fewBytes) target.once("close", resultMemory.holdUnsent(bytes));
}

/**
 * Writes an answer that is known as a whole: head and body leave in one go.
 *
 * @param headers names and values in turn; without the length, which is added to them
 */
export function writeWhole(target: ServerResponse, status: number, headers: string[], body: string | Uint8Array): void {
  // Writing to a response whose client has left would raise an unhandled error.
  if (target.destroyed) return;
  const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  headers.push("content-length", String(bytes));
  target.writeHead(status, headers);
  holdUnsent(target, bytes);
  target.end(body);
}
