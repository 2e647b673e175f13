import type { IncomingMessage } from "node:http";
import type { GraphQLError } from "graphql";
import { notReady } from "../http/graphql-endpoint.ts";
import type { Lifecycle } from "../http/lifecycle.ts";
import { refusal } from "../security/refusal.ts";
import { originOf } from "./origin.ts";

/** Why this request gets no WebSocket; undefined when it does. In production a page of another origin gets none. */
export function upgradeFault(
  { url, headers }: IncomingMessage,
  { lifecycle, isProduction }: { readonly lifecycle: Lifecycle; readonly isProduction: boolean },
): GraphQLError | undefined {
  if (URL.parse(url ?? "", "http://websocket")?.pathname !== "/graphql") {
    return refusal("BAD_USER_INPUT", "WebSockets are at /graphql only.", { status: 404 });
  }
  if (isProduction && originOf(headers) === "foreign") {
    const message = "A page of another origin may not open a WebSocket here.";
    return refusal("FORBIDDEN", message, { status: 403 });
  }
  return notReady(lifecycle);
}
