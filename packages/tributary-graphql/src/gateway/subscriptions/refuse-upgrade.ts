import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { GraphQLError } from "graphql";
import type { Logger } from "pino";
import { clipped } from "../../core/thrown-values.ts";
import { answerHeaders } from "../http/security-headers.ts";
import { httpHintOf } from "../security/refusal.ts";

/** Answers a request for a WebSocket in HTTP, with the same body that a refused POST has, and closes the connection. */
export function refuseUpgrade(socket: Duplex, fault: GraphQLError): void {
  const { status = 400, headers = {} } = httpHintOf(fault) ?? {};
  const body = faultBody(fault);
  const lines = Object.entries({
    ...headers,
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    ...answerHeaders,
    "content-length": String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}`);
  socket.once("error", () => socket.destroy());
  // A client that does not close its side would keep the connection.
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** The body of a refusal. */
export const faultBody = ({ message, extensions: { code } }: GraphQLError): string =>
  JSON.stringify({ errors: [{ message, extensions: { code } }] });

/** The line of a WebSocket that is refused: no request line follows, as nothing ran. */
export function logRefusedUpgrade({ headers, url }: IncomingMessage, fault: GraphQLError, logger: Logger): void {
  const { origin, host } = headers;
  const fields = {
    origin,
    host,
    // Without the query string, in which clients send tokens.
    path: clipped((url ?? "").split("?", 1)[0] ?? "", 200),
    status: httpHintOf(fault)?.status,
    code: fault.extensions.code,
  };
  const forwardedHost = headers["x-forwarded-host"];
  logger.warn(
    { ...fields, ...(forwardedHost !== undefined && { forwardedHost }), reason: fault.message },
    "a WebSocket was refused",
  );
}
