import type { IncomingMessage } from "node:http";
import type { GraphQLError } from "graphql";
import { clipped } from "../../core/thrown-values.ts";
import { refusal } from "../security/refusal.ts";
import { memoized } from "./memoized.ts";

type Head = Pick<IncomingMessage, "rawHeaders" | "headers" | "httpVersion" | "url">;

/**
 * Why a request is refused that node's parser takes although a proxy may read it as another one, with another length or for
 * another host (request smuggling, RFC 9112, 11.2); undefined for all others. Its connection has to be closed.
 */
export function requestFault({ rawHeaders, headers, httpVersion, url = "" }: Head): GraphQLError | undefined {
  const hosts = hostsIn(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === "1.1"))
    return refusal("BAD_USER_INPUT", "A request must have exactly one Host header.", { status: 400 });
  const { host, "transfer-encoding": coding } = headers;
  if (host !== undefined && !isHost(host)) {
    const message = `The Host header must be a host and a port, not ${clipped(host, 100)}.`;
    return refusal("BAD_USER_INPUT", message, { status: 400 });
  }
  if (!url.startsWith("/") && url !== "*" && !isOfHost(url, host))
    return refusal("BAD_USER_INPUT", "The address of the request names another host than its Host header.", {
      status: 400,
    });
  if (coding !== undefined && (httpVersion !== "1.1" || coding.toLowerCase() !== "chunked")) {
    const message = "The only Transfer-Encoding that is supported is chunked, in HTTP/1.1.";
    return refusal("BAD_USER_INPUT", message, { status: 400 });
  }
  if (httpVersion.startsWith("0."))
    return refusal("BAD_USER_INPUT", "The versions of HTTP that are supported are 1.1 and 1.0.", { status: 400 });
  return undefined;
}

/** The number of `Host` headers: node takes the first of several, a proxy may have taken another (RFC 9112, 3.2). */
function hostsIn(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts;
}

/** Whether this is a host with or without a port (RFC 9110, 7.2). An empty one is allowed. */
const isHost = memoized((host): boolean => !host || (!/[\s/?#@\\]/.test(host) && URL.canParse(`http://${host}`)));

/** Whether a whole address in place of the path (RFC 9112, 3.2.2) is of the host that the request names. */
function isOfHost(url: string, host: string | undefined): boolean {
  const named = URL.parse(url);
  if (named === null || !/^https?:$/.test(named.protocol)) return true;
  return URL.parse(`${named.protocol}//${host}`)?.host === named.host;
}
