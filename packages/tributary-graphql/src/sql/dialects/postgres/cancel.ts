import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type pg from "pg";
import { serverTimeoutError } from "../server/session.ts";
import { createSocket } from "../server/socket.ts";
import { withTimeout } from "../server/with-timeout.ts";

/** The backend's process id and secret key: properties of `pg.Client` that its types omit. */
interface BackendKey {
  readonly processID: number;
  readonly secretKey: number;
}

const cancelRequestCode = 80877102;
const sslRequestCode = 80877103;

/**
 * Sends the protocol's CancelRequest over a separate connection. Unlike `pg_cancel_backend` it needs no login and no free
 * connection, and a pooler forwards it to the server that runs the statement. Resolves when the server has closed that
 * connection, which means that it has processed the request.
 *
 * @throws Error when the server does not respond within `timeoutMs`, or has sent no cancel key at login
 */
export async function requestCancel(client: pg.Client, timeoutMs: number): Promise<void> {
  if (!hasBackendKey(client)) throw new Error("The server sent no key for cancel requests at login.");
  const socket = createSocket();
  const request = integers(16, cancelRequestCode, client.processID, client.secretKey);
  try {
    await withTimeout(send(socket, client, request), timeoutMs, () =>
      serverTimeoutError("No response to a cancel request."),
    );
  } finally {
    socket.destroy();
  }
}

/** The server that the client is connected to; the types of `pg` omit the TLS options. */
interface Target {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | ConnectionOptions;
}

async function send(socket: Socket, { host, port, ssl }: Target, request: Buffer): Promise<void> {
  socket.connect(host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  await once(socket, "connect");
  const stream = ssl ? await upgradeToTls(socket, host, ssl === true ? {} : ssl) : socket;
  stream.resume();
  const closed = once(stream, "close");
  stream.write(request);
  await closed;
}

/** The same handshake as `pg` makes for an ordinary connection. */
async function upgradeToTls(socket: Socket, host: string, options: ConnectionOptions): Promise<Socket> {
  socket.write(integers(8, sslRequestCode));
  const [response] = (await once(socket, "data")) as [Buffer];
  if (response.toString("latin1") !== "S") throw new Error("The server does not accept cancel requests over TLS.");
  // `pg` makes the key non-enumerable, so that it is not logged by mistake.
  const { key } = options;
  const name = isIP(host) === 0 ? { servername: host } : {};
  const stream = connectTls({ host, ...options, ...(key !== undefined && { key }), socket, ...name });
  await once(stream, "secureConnect");
  return stream;
}

function integers(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeInt32BE(value | 0, index * 4);
  return buffer;
}

const hasBackendKey = (client: object): client is BackendKey =>
  "processID" in client &&
  typeof client.processID === "number" &&
  "secretKey" in client &&
  typeof client.secretKey === "number";
