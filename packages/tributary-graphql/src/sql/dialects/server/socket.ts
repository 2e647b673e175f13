import { Socket } from "node:net";

/** Idle time before the first TCP keep-alive probe, in milliseconds. */
export const keepAliveDelayMs = 10_000;

/** A socket with TCP keep-alive and without Nagle's algorithm. */
export function createSocket(): Socket {
  const socket = new Socket();
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveDelayMs);
  return socket;
}
