import type { IncomingMessage } from "node:http";
import type { PageAccess } from "../http/origin-policy.ts";
import type { ClientRequest } from "../request/graphql-request.ts";

/** Headers that a browser adds by itself. */
const ambient = ["cookie", "authorization"];

/** Headers that a client may give in `connection_init` instead: a page cannot set any on a WebSocket. */
const initHeaders = ["authorization", "x-tributary-calls", "x-tributary-cost"];

/** The client of the operations on a WebSocket. Plugins see each operation as a POST. */
export class SocketClientRequest implements ClientRequest {
  readonly headers: Headers;

  constructor(headers: Headers) {
    this.headers = headers;
  }

  toRequest(signal: AbortSignal, headers: Headers): Request {
    return new Request(socketUrl, { method: "POST", headers, signal });
  }

  /** The same client with the headers that it gave in `connection_init`. A header that the request had already stays. */
  withInitHeaders(payload: Readonly<Record<string, unknown>> = {}): SocketClientRequest {
    const headers = new Headers(this.headers);
    for (const [name, value] of Object.entries(payload)) {
      const key = name.toLowerCase();
      if (typeof value !== "string" || !initHeaders.includes(key) || headers.has(key)) continue;
      if (/^[\t\x20-\x7e]*$/.test(value)) headers.set(key, value);
    }
    return new SocketClientRequest(headers);
  }
}

const socketUrl = "http://websocket/graphql";

/** Headers of the request that opened the WebSocket which an operation does not have. */
const upgradeHeaders = ["connection", "upgrade", "content-length", "transfer-encoding"];

/**
 * The client of the request that opened a WebSocket. As with CORS, a page of another origin may have to ask without the
 * credentials that its visitor's browser adds.
 */
export function socketClientOf(upgrade: IncomingMessage, access: PageAccess): SocketClientRequest {
  const headers = new Headers();
  for (const [name, values] of Object.entries(upgrade.headersDistinct)) {
    if (values !== undefined) headers.set(name, values.join(name === "cookie" ? "; " : ", "));
  }
  if (access === "anonymous") for (const name of ambient) headers.delete(name);
  return new SocketClientRequest(headers);
}

/** An operation as the `Request` that HTTP hooks of plugins expect, with the declared headers of its WebSocket. */
export function operationRequest(declaredHeaders: Headers, payload: object, signal: AbortSignal): Request {
  const headers = new Headers(declaredHeaders);
  for (const name of upgradeHeaders) headers.delete(name);
  headers.set("content-type", "application/json");
  return new Request(socketUrl, { method: "POST", headers, body: JSON.stringify(payload), signal });
}
