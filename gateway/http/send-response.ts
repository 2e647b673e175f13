import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { knownText } from "./json-response.ts";

/** How long a client may take nothing of what waits for it before it is cut off, in milliseconds. */
const stalledClientMs = 30_000;

/**
 * Writes a fetch response to a node response, each chunk as it comes. Reads on only when the client has taken what was
 * written, and cancels the body as soon as the client leaves, also while waiting for it.
 */
export async function sendResponse(response: Response, target: ServerResponse): Promise<void> {
  if (target.destroyed) return void (await response.body?.cancel());
  target.statusCode = response.status;
  target.setHeaders(response.headers);
  const text = knownText(response);
  if (text !== undefined || response.body === null) {
    target.end(text);
    return;
  }
  await pump(response.body, target);
}

async function pump(body: ReadableStream<Uint8Array>, target: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const onClose = () => void reader.cancel().catch(() => undefined);
  target.once("close", onClose);
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (!target.write(chunk.value)) await drained(target);
    }
    target.end();
  } catch {
    // The body failed, or the client went away while it was written: all that is left is to cut the connection.
    target.destroy();
  } finally {
    target.off("close", onClose);
  }
}

/** Waits until the client has taken what was written, or has left. Rejects when it does neither for too long. */
async function drained(target: ServerResponse): Promise<void> {
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
