import type { ServerResponse } from "node:http";

/** Sends a value as JSON with `content-length`. */
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

/** Sends an error with a message about the expected and the actual value. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { error: message }, { "cache-control": "no-store", ...headers });
}
