import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { setTimeout as delay, setImmediate as immediate } from "node:timers/promises";
import type { Logger } from "pino";
import type { WebSockets } from "../subscriptions/web-sockets.ts";
import { type ConnectionLimits, limitConnections } from "./connection-limits.ts";
import type { FastPath } from "./fast-path.ts";
import { fixIdleDetection } from "./idle-detection.ts";
import { createNodeHandler } from "./node-handler.ts";
import { answerExpectations, answerParserErrors } from "./refuse-connection.ts";
import { TrustedProxies } from "./trusted-proxies.ts";

export interface Address {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

export interface NodeServer {
  /** The port that was taken. */
  readonly port: number;
  /**
   * Takes no more connections, serves the open ones on, and has each answer close its connection: one that is idle may
   * be about to bring a request. Fulfils when all are closed, after `timeoutMs` at the latest; `close` does the rest.
   */
  retire(timeoutMs: number): Promise<void>;
  /** The same because all end: closes WebSockets too, each when what runs on it has been answered. */
  leave(timeoutMs: number): Promise<void>;
  /** Takes no more connections, closes idle ones at once, and the others when their requests have been answered. */
  close(): Promise<void>;
  /** Cuts what is still open. */
  destroy(): void;
}

/** How long a client may take, in milliseconds. Node's own defaults are minutes, or none. */
export interface ClientTimeouts {
  /** To send its headers. */
  readonly headersMs: number;
  /** To send headers and body together. */
  readonly requestMs: number;
  /**
   * How long nothing may move on a connection with a request: longer than an answer may take to begin, so that it cuts
   * off only a client that takes nothing. The system says that something was taken only when a third of its own buffer is
   * free, a megabyte or two: what is too short for that cuts off clients that read, but slowly.
   */
  readonly silenceMs: number;
  /** How often connections are looked at: one that is too slow lives up to so much longer. */
  readonly checkEveryMs: number;
}

const defaultTimeouts: ClientTimeouts = {
  headersMs: 10_000,
  requestMs: 30_000,
  silenceMs: 300_000,
  checkEveryMs: 2_000,
};

/** The default for answers, or events, that may be so long in coming. */
export const timeoutsWith = (longestWaitMs: number): ClientTimeouts => ({
  ...defaultTimeouts,
  silenceMs: defaultTimeouts.silenceMs + longestWaitMs,
});

/** Checks before a request is served. */
export interface AdmissionOptions {
  /** Default: none. */
  readonly proxies?: TrustedProxies;
  /** A body that announces more is refused before it is sent, if its client waits for leave. Default: no limit. */
  readonly maxBodyBytes?: number;
  /** Default: none. */
  readonly connections?: ConnectionLimits;
  /** The settings that an error names where it cannot listen. Default: HOST and PORT. */
  readonly settings?: { readonly host: string; readonly port: string };
}

/**
 * Serves a fetch handler over HTTP, and beside it WebSockets, and the requests that the fast path takes.
 *
 * @throws one line that names HOST and PORT and what is wrong with them
 */
export async function listen(
  handle: (request: Request, clientAddress?: string) => Promise<Response>,
  { host, port }: Address,
  logger: Logger,
  timeouts: ClientTimeouts = defaultTimeouts,
  webSockets?: WebSockets,
  fastPath?: FastPath,
  options: AdmissionOptions = {},
): Promise<NodeServer> {
  const { proxies = new TrustedProxies(), maxBodyBytes = Number.POSITIVE_INFINITY, connections } = options;
  const { settings = { host: "HOST", port: "PORT" } } = options;
  let isClosing = false;
  let isRetiring = false;
  const answer = createNodeHandler({ handle, logger, fastPath, proxies, areLeaving: () => isClosing || isRetiring });
  // Once closing, a connection that is kept alive would hold up the end.
  const onFinish = () => isClosing && setImmediate(() => server.closeIdleConnections());
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    response.on("finish", onFinish);
    answer(request, response);
  };
  const server = createServer(serverOptions(timeouts, webSockets !== undefined), serve);
  if (connections) limitConnections(server, connections, proxies, logger);
  answerParserErrors(server);
  answerExpectations(server, maxBodyBytes, serve);
  const retire = async (timeoutMs: number): Promise<void> => {
    const until = performance.now() + timeoutMs;
    await noneWaits(server, timeoutMs / 2);
    const waiting = new AbortController();
    const { signal } = waiting;
    const closed = once(server, "close", { signal });
    // Not the close of HTTP, which cuts idle connections.
    NetServer.prototype.close.call(server);
    // Only now: a client that is sent away connects anew at once, and would wait at a port that is about to close.
    isRetiring = true;
    await Promise.race([closed, delay(Math.max(1, until - performance.now()), undefined, { signal })]);
    waiting.abort();
  };
  server.timeout = timeouts.silenceMs;
  fixIdleDetection(server, () => isClosing);
  if (webSockets) {
    server.on("upgrade", (request, socket, head) => {
      proxies.clean(request);
      webSockets.upgrade(request, socket, head);
    });
  }
  await bind(server, { host, port }, settings);
  return {
    port: (server.address() as AddressInfo).port,
    retire,
    leave(timeoutMs) {
      const left = isRetiring ? Promise.resolve() : retire(timeoutMs);
      webSockets?.close();
      return left;
    },
    close() {
      isClosing = true;
      const closed = once(server, "close").then(() => undefined);
      server.close();
      webSockets?.close();
      return closed;
    },
    destroy() {
      server.closeAllConnections();
      webSockets?.destroy();
    },
  };
}

/**
 * Waits until no connection waits to be accepted, since one that does when the port is closed is reset. Each event-loop
 * iteration accepts one: there are no more when an iteration accepts none. Clients that keep connecting do not delay it for
 * longer than `timeoutMs`.
 */
async function noneWaits(server: Server, timeoutMs: number): Promise<void> {
  let accepted = 0;
  const count = () => {
    accepted += 1;
  };
  server.on("connection", count);
  const until = performance.now() + timeoutMs;
  let before = -1;
  while (accepted !== before && performance.now() < until) {
    before = accepted;
    // The first may belong to the present iteration.
    for (let turn = 0; turn < 2; turn++) await immediate();
  }
  server.off("connection", count);
}

/** Longer than the minute after which load balancers close an idle connection: they have to close it first. */
const keepAliveMs = 65_000;

const serverOptions = (
  { headersMs, requestMs, checkEveryMs }: ClientTimeouts,
  hasWebSockets: boolean,
): ServerOptions => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: checkEveryMs,
  keepAliveTimeout: keepAliveMs,
  // A request without one is refused as others are, with a body that says why.
  requireHostHeader: false,
  // Some clients, such as Java's, ask for h2c with every request. They are answered over HTTP/1.1.
  shouldUpgradeCallback: ({ headers }) => hasWebSockets && headers.upgrade?.toLowerCase() === "websocket",
});

async function bind(
  server: Server,
  { host, port }: Address,
  settings: NonNullable<AdmissionOptions["settings"]>,
): Promise<void> {
  try {
    const listening = once(server, "listening");
    server.listen({ host, port });
    await listening;
  } catch (error) {
    throw new Error(`Cannot listen on ${settings.host} ${host}, ${settings.port} ${port}: ${bindFault(error)}`, {
      cause: error,
    });
  }
}

function bindFault(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const known: Readonly<Record<string, string>> = {
    EADDRINUSE: "the port is in use by another process.",
    EACCES: "this user may not open the port.",
    EADDRNOTAVAIL: "this machine does not have the address.",
    ENOTFOUND: "the host is unknown.",
  };
  return known[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
}
