import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { ConnectionLimiter } from "../subscriptions/connection-limiter.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** Connections that may be open at once to one process: idle and slow ones, and those of WebSockets and event streams, too. */
export interface ConnectionLimits {
  /** Default 10,000. */
  readonly max: number;
  /**
   * The same per client, identified by the address that its connection comes from (of IPv6 by its first 64 bits). Trusted proxies
   * have no such limit: their connections are of many clients. Default 1,000.
   */
  readonly maxPerClient: number;
}

export const defaultConnectionLimits: ConnectionLimits = { max: 10_000, maxPerClient: 1_000 };

const loggedEveryMs = 60_000;

/** Closes each connection beyond a limit at once, so that one client cannot take all of them. Logs it once a minute at most. */
export function limitConnections(
  server: Server,
  { max, maxPerClient }: ConnectionLimits,
  proxies: TrustedProxies,
  logger: Logger,
): void {
  const limiter = new ConnectionLimiter(max, maxPerClient);
  let loggedAt = Number.NEGATIVE_INFINITY;
  server.on("connection", (socket: Socket) => {
    const address = proxies.trusts(socket.remoteAddress) ? undefined : socket.remoteAddress;
    const release = limiter.acquire(address);
    if (typeof release === "function") {
      socket.once("close", release);
      return;
    }
    socket.destroy();
    if (performance.now() - loggedAt < loggedEveryMs) return;
    loggedAt = performance.now();
    logger.warn({ clientAddress: address, reason: release.message }, "a connection was closed");
  });
}
