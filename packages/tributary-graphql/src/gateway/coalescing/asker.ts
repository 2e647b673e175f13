import type { IncomingHttpHeaders } from "node:http";
import { clientInfoHeaders } from "../telemetry/client-info.ts";

/**
 * Headers that do not tell one asker from another: they are about the connection, the form of the answer, or the
 * tracing of one request, or name the program that sent it, and no answer may depend on them. Whatever else a request has can be read by a resolver
 * (`scope.headers`), `authorization` and `cookie` above all: requests that differ in it are never answered together.
 */
export const indifferentHeaders: readonly string[] = [
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

/** Who asks, as far as an answer may depend on it: equal texts are one asker. */
export function askerOf(headers: IncomingHttpHeaders, indifferent: ReadonlySet<string>): string {
  let asker = "";
  // A line break, which no header can contain, ends each.
  for (const name in headers) if (!indifferent.has(name)) asker += `${name}:${headers[name]}\n`;
  return asker;
}
