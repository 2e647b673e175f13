import type { IncomingHttpHeaders } from "node:http";
import { clientInfoHeaders } from "../telemetry/client-info.ts";

/**
 * Headers that no answer may depend on: they are about the connection, the form of the answer or the tracing of one request,
 * or name the client program. A resolver can read every other one (`scope.headers`), `authorization` and `cookie` above all.
 */
export const headersOutsideIdentity: readonly string[] = [
  "accept",
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "traceparent",
  "tracestate",
  "x-request-id",
  ...clientInfoHeaders,
];

/** The identity of a request, as far as an answer may depend on it: requests of equal identity may share one. */
export function identityOf(headers: IncomingHttpHeaders, ignored: ReadonlySet<string>): string {
  let identity = "";
  // No header can contain a line break.
  for (const name in headers) if (!ignored.has(name)) identity += `${name}:${headers[name]}\n`;
  return identity;
}
