import type { IncomingMessage } from "node:http";
import type { PageAccess } from "../http/origin-policy.ts";

/** What a page of another origin may not bring along: a browser adds it without being asked. */
const ambient = ["cookie", "authorization"];

/** Headers that a client may give in `connection_init` instead: a page cannot set any on a WebSocket. */
const initHeaders = ["authorization", "x-tributary-calls"];

/**
 * The request that opened a WebSocket, as the operations on it get it. As with CORS, a page may be one that asks without
 * what its visitor's browser keeps for this host.
 */
export function connectionRequest(upgrade: IncomingMessage, access: PageAccess): Request {
  const headers = new Headers();
  for (const [name, values] of Object.entries(upgrade.headersDistinct)) {
    if (values !== undefined) headers.set(name, values.join(name === "cookie" ? "; " : ", "));
  }
  if (access === "anonymous") for (const name of ambient) headers.delete(name);
  return new Request("http://websocket/graphql", { headers });
}

/** The same with what the client said in `connection_init`. What the request has already stays. */
export function withInitHeaders(request: Request, payload: Readonly<Record<string, unknown>> = {}): Request {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(payload)) {
    const key = name.toLowerCase();
    if (typeof value !== "string" || !initHeaders.includes(key) || headers.has(key)) continue;
    if (/^[\t\x20-\x7e]*$/.test(value)) headers.set(key, value);
  }
  return new Request(request.url, { headers });
}
