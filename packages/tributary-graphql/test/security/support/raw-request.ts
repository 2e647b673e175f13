import { once } from "node:events";
import { connect } from "node:net";

/** All that a server sends for these bytes until it closes the connection. */
export async function rawAnswer(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  socket.on("error", () => undefined);
  socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  await once(socket, "close");
  return Buffer.concat(received).toString("latin1");
}
