import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Corrects which connections a server that closes regards as idle, and cuts.
 *
 * - Node regards one as idle from the moment that its answer was written, though megabytes of it may wait for a slow
 *   client, who would get a part of it. Nothing is cut here while something waits: ask again when an answer was sent.
 * - None is cut before `mayClose` says so: cluster calls the server's `close` when a worker is to leave the port, which
 *   cuts connections that are about to bring a request.
 * - Node does not regard one as idle that was opened ahead and has asked nothing, as browsers do: it would hold up the end.
 */
export function fixIdleDetection(server: Server, mayClose: () => boolean): void {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // A WebSocket is for those to close who opened it.
  server.on("upgrade", ({ socket }) => sockets.delete(socket));
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    if (!mayClose()) return;
    for (const { writableLength } of sockets) if (writableLength > 0) return;
    closeIdle();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
}
