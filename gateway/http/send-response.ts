import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import { knownBody } from "./json-response.ts";
import { writeWhole } from "./write-whole.ts";

/** How long a client may take nothing of what waits for it before it is cut off, in milliseconds. */
const stalledClientMs = 30_000;

/** Of either version of HTTP. Nothing here or in our answers sets what HTTP/2 forbids, `connection` above all. */
type Target = ServerResponse | Http2ServerResponse;

/**
 * Bytes that are written before the client must have taken them. Small, so that whoever reads slowly, but reads, is not
 * taken for a client that reads nothing while it takes one large payload.
 */
const pieceBytes = 16_384;

/**
 * Writes a fetch response to a node response, each chunk as it comes. Reads on only when the client has taken what was
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
      for (let at = 0; at < chunk.value.length; at += pieceBytes) {
        if (!write(target, chunk.value.subarray(at, at + pieceBytes))) await drained(target);
      }
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

/** Whether there is room for more. */
const write = (target: Target, bytes: Uint8Array): boolean =>
  "stream" in target ? target.write(bytes) : target.write(bytes);

/** Waits until the client has taken what was written, or has left. Rejects when it does neither for too long. */
async function drained(target: Target): Promise<void> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), stalledClientMs);
  const { signal } = waiting;
  try {
    await Promise.race([once(target, "drain", { signal }), once(target, "close", { signal })]);
  } finally {
    clearTimeout(timer);
    waiting.abort();
  }
}
