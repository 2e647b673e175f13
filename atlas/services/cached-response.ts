import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Sends cacheable JSON, or 304 if `If-None-Match` matches. Node sends no body for HEAD. A cache may serve the response
 * for another day while this service fails.
 *
 * @param maxAgeSeconds `max-age` of the response
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
  if (matches(request.headers["if-none-match"], etag)) {
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

/** `If-None-Match` is a list of strong or weak tags, or `*` for any (RFC 9110, 13.1.2). */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
