import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Sends JSON that a cache may keep, or 304 when the caller has this very answer already. Node sends no body for HEAD.
 *
 * @param maxAgeSeconds how long a cache need not ask again; it may go on for a day while this service cannot be reached
 */
export function sendCacheable(
  request: IncomingMessage,
  response: ServerResponse,
  value: unknown,
  maxAgeSeconds = 3600,
): void {
  const cacheControl = `public, max-age=${maxAgeSeconds}, stale-if-error=86400`;
  const body = Buffer.from(JSON.stringify(value));
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const headers = { "cache-control": cacheControl, etag };
  if (isHeld(request.headers["if-none-match"], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": body.length,
  });
  response.end(body);
}

/** Whether `If-None-Match` names this tag: a list, weak tags among them, or `*` for any (RFC 9110, 13.1.2). */
function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
