import type { GraphQLError } from "graphql";
import { refusal } from "../security/refusal.ts";

/** Whether a request has more than one `Host` header (RFC 9112, 3.2): node takes the first, a proxy may have taken another. */
export function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts > 1;
}

export const severalHosts = (): GraphQLError =>
  refusal("BAD_USER_INPUT", "A request must have exactly one Host header.", { status: 400 });
