import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { GraphQLError } from "graphql";
import { type ConnectionInitMessage, handleProtocols, makeServer } from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { ErrorCode } from "../../core/error-codes.ts";
import type { OriginHeaders } from "../http/origin-policy.ts";
import type { GatewayServices } from "../services.ts";
import { logRefusedUpgrade, refuseUpgrade } from "./refuse-upgrade.ts";
import type { SubscriptionSettings } from "./settings.ts";
import { type SocketClientRequest, socketClientOf } from "./socket-client.ts";
import { SocketConnection } from "./socket-connection.ts";
import type { SocketOperations } from "./socket-operations.ts";
import { handshakeFault, upgradeFault } from "./upgrade-fault.ts";

export interface WebSocketCounts {
  readonly open: number;
  /** How many were refused since the start, by code. */
  readonly refused: ReadonlyMap<ErrorCode, number>;
}

/** The WebSockets of one server. */
export interface WebSockets {
  /** Opens a WebSocket, or says in HTTP why not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly counts: WebSocketCounts;
  /** Closes each WebSocket when what runs on it has been answered. */
  close(): void;
  /** Cuts what is still open. */
  destroy(): void;
}

/** How long a client may take to answer that a WebSocket is closed, in milliseconds. */
const closeTimeoutMs = 2_000;

/** GraphQL over WebSocket (`graphql-transport-ws`): subscriptions, queries and mutations. */
export function createWebSockets(
  services: GatewayServices,
  operations: SocketOperations,
  settings: SubscriptionSettings,
): WebSockets {
  const { logger, lifecycle, origins, proxies, connectionLimiter, limits } = services;
  const connections = new Set<SocketConnection>();
  const refused = new Map<ErrorCode, number>();
  const protocol = makeServer<ConnectionInitMessage["payload"], SocketConnection>({
    connectionInitWaitTimeout: settings.initTimeoutMs,
    onConnect: (context) => context.extra.init(context),
    onSubscribe: (context, id, payload) => context.extra.start(context, id, payload),
    execute: (args) => operations.execute(args),
  });
  const server = new WebSocketServer(serverOptions(limits.bodyBytes));
  const open = (
    socket: WebSocket,
    client: SocketClientRequest,
    clientAddress: string | undefined,
    release: () => void,
  ): void => {
    const connection = new SocketConnection(socket, client, {
      ...settings,
      operations,
      clientAddress,
      logger,
      maxWaitingBytes: limits.bodyBytes,
    });
    connections.add(connection);
    const onClosed = protocol.opened(connection.protocolSocket, connection);
    socket.once("close", (code, reason) => {
      connections.delete(connection);
      release();
      void onClosed(code, String(reason));
    });
    // Opened while the server was closing.
    if (lifecycle.state === "draining") connection.close();
  };
  const refuse = (request: IncomingMessage, socket: Duplex, fault: GraphQLError): void => {
    logRefusedUpgrade(request, fault, logger);
    const code = fault.extensions.code as ErrorCode;
    refused.set(code, (refused.get(code) ?? 0) + 1);
    refuseUpgrade(socket, fault);
  };
  server.on("wsClientError", (error, socket, request) => refuse(request, socket, handshakeFault(error, request)));
  return {
    counts: {
      get open() {
        return connections.size;
      },
      refused,
    },
    upgrade(request, socket, head) {
      const access = origins.accessOf(originHeadersIn(request));
      const fault = upgradeFault(request, access, lifecycle);
      if (fault) return refuse(request, socket, fault);
      const clientAddress = proxies.clientAddress(request);
      const release = connectionLimiter.acquire(clientAddress);
      if (typeof release !== "function") return refuse(request, socket, release);
      socket.once("close", release);
      server.handleUpgrade(request, socket, head, (webSocket) =>
        open(webSocket, socketClientOf(request, access), clientAddress, release),
      );
    },
    close() {
      for (const connection of connections) connection.close();
    },
    destroy() {
      for (const socket of server.clients) socket.terminate();
    },
  };
}

const originHeadersIn = ({ headers }: IncomingMessage): OriginHeaders => ({
  origin: headers.origin,
  host: headers.host,
  forwardedHost: headers["x-forwarded-host"]?.toString(),
});

/**
 * The types of `ws` know no `closeTimeout` yet, which a literal in its place would be refused for. Pings are answered where it is known
 * how much a client has not taken yet.
 */
function serverOptions(maxPayload: number) {
  const known = { noServer: true, maxPayload, handleProtocols, perMessageDeflate: false, autoPong: false };
  return { ...known, closeTimeout: closeTimeoutMs };
}
