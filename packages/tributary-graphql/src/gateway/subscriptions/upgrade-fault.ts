import type { IncomingMessage } from "node:http";
import type { GraphQLError } from "graphql";
import { type Lifecycle, notReady } from "../http/lifecycle.ts";
import type { PageAccess } from "../http/origin-policy.ts";
import { requestFault } from "../http/request-fault.ts";
import { refusal } from "../security/refusal.ts";

/** Why this request gets no WebSocket; undefined when it does. */
export function upgradeFault(
  request: IncomingMessage,
  access: PageAccess,
  lifecycle: Lifecycle,
): GraphQLError | undefined {
  const fault = requestFault(request);
  if (fault) return fault;
  if (URL.parse(request.url ?? "", "http://websocket")?.pathname !== "/graphql") {
    return refusal("BAD_USER_INPUT", "WebSockets are at /graphql only.", { status: 404 });
  }
  if (access === "refused") {
    const message = "A page of another origin may not open a WebSocket here.";
    return refusal("FORBIDDEN", message, { status: 403 });
  }
  // A WebSocket that is opened while the server closes would be closed at once.
  return lifecycle.state === "draining" ? notReady({ state: "draining", takesRequests: false }) : notReady(lifecycle);
}

/** The refusal of a handshake (RFC 6455) that `ws` finds invalid: a header that is missing or invalid, or another method than GET. */
export function handshakeFault({ message }: Error, { method }: Pick<IncomingMessage, "method">): GraphQLError {
  const text = `${message}.`;
  if (method !== "GET") return refusal("BAD_USER_INPUT", text, { status: 405, headers: { allow: "GET" } });
  return refusal("BAD_USER_INPUT", text, { status: 400, headers: { "sec-websocket-version": "13, 8" } });
}
