import { Socket } from "node:net";

/** How long nothing has to come before the system asks whether the other side is still there, in milliseconds. */
export const keepAliveDelayMs = 10_000;

/** A socket that small packets leave at once, and that notices when the other side is gone. */
export function createSocket(): Socket {
  const socket = new Socket();
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveDelayMs);
  return socket;
}
