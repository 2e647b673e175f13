import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type pg from "pg";
import { silentServer } from "../server/session.ts";
import { createSocket } from "../server/socket.ts";
import { within } from "../server/within.ts";

/** The backend's process id and secret key, which `pg` keeps and its types omit. */
interface BackendKey {
  readonly processID: number;
  readonly secretKey: number;
}

const cancelRequestCode = 80877102;
const sslRequestCode = 80877103;

/**
 * Sends the protocol's CancelRequest over a connection of its own. Unlike `pg_cancel_backend` it needs no login and no
 * free connection, and a pooler in between passes it on to the server that runs the statement. Resolves when it was taken:
 * the other side closes the connection then.
 *
 * @throws Error when the server is not reached within `timeoutMs`, or has never said how to cancel
 */
export async function requestCancel(client: pg.Client, timeoutMs: number): Promise<void> {
  if (!hasBackendKey(client)) throw new Error("The server did not say how its statements are cancelled.");
  const socket = createSocket();
  const request = integers(16, cancelRequestCode, client.processID, client.secretKey);
  try {
    await within(send(socket, client, request), timeoutMs, () => silentServer("No answer to a cancel request."));
  } finally {
    socket.destroy();
  }
}

/** Where the client is connected to; its types leave the options of TLS out. */
interface Target {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | ConnectionOptions;
}

async function send(socket: Socket, { host, port, ssl }: Target, request: Buffer): Promise<void> {
  socket.connect(host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
  await once(socket, "connect");
  const stream = ssl ? await secured(socket, host, ssl === true ? {} : ssl) : socket;
  stream.resume();
  const closed = once(stream, "close");
  stream.write(request);
  await closed;
}

/** As `pg` does it for an ordinary connection. */
async function secured(socket: Socket, host: string, options: ConnectionOptions): Promise<Socket> {
  socket.write(integers(8, sslRequestCode));
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (answer.toString("latin1") !== "S") throw new Error("The server takes no cancel request over TLS.");
  // `pg` hides the key, so that nobody prints it by mistake.
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
