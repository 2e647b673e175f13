import type { ServerResponse } from "node:http";

/** Sends a value as JSON with its length, so that the connection can be used again. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": body.length, ...headers })
    .end(body);
}

/** A refusal that tells the caller what was expected and what came. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { error: message }, { "cache-control": "no-store", ...headers });
}
