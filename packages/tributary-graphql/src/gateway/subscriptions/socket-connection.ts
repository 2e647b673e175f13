import { randomUUID } from "node:crypto";
import type { GraphQLError } from "graphql";
import type { ConnectionInitMessage, Context, WebSocket as ProtocolSocket, SubscribePayload } from "graphql-ws";
import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import { resultMemory } from "../execution/result-memory.ts";
import { textOf } from "../http/utf8.ts";
import { isRecord } from "../pipeline/operation-params.ts";
import { refusal } from "../security/refusal.ts";
import { type ClientInfo, clientInfoOf, clientInfoOfInit } from "../telemetry/client-info.ts";
import { errorFields } from "../telemetry/error-fields.ts";
import type { SubscriptionSettings } from "./settings.ts";
import type { SocketClientRequest } from "./socket-client.ts";
import type { SocketOperations } from "./socket-operations.ts";

export type ConnectionContext = Context<ConnectionInitMessage["payload"], SocketConnection>;

export interface SocketConnectionOptions extends SubscriptionSettings {
  readonly operations: SocketOperations;
  /** Unset where it is not known. */
  readonly clientAddress: string | undefined;
  readonly logger: Logger;
  /** Bytes that may wait for a client to take them: with more, nothing further is read from it. */
  readonly maxWaitingBytes: number;
}

/** Close codes of RFC 6455, and two of graphql-transport-ws. */
const goingAway = 1001;
const notUtf8 = 1007;
const badRequest = 4400;
const internalError = 4500;

/** One WebSocket: the messages on it, the operations that they start, and the pings that keep it open. */
export class SocketConnection {
  readonly #socket: WebSocket;
  readonly #options: SocketConnectionOptions;
  readonly #id = randomUUID();
  readonly #running = new Map<string, AbortController>();
  readonly #timer: NodeJS.Timeout;
  #client: SocketClientRequest;
  #clientInfo: ClientInfo | undefined;
  #context: ConnectionContext | undefined;
  #isAlive = true;
  #handling = 0;
  #isClosing = false;

  constructor(socket: WebSocket, client: SocketClientRequest, options: SocketConnectionOptions) {
    this.#socket = socket;
    this.#client = client;
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), options.heartbeatMs);
    socket.on("pong", () => {
      this.#isAlive = true;
    });
    socket.on("ping", (data) => this.#pong(data));
    // `ws` closes a WebSocket that violates the protocol.
    socket.on("error", (error) =>
      options.logger.debug({ err: errorFields(error), connection: this.#id }, "a WebSocket failed"),
    );
    socket.on("close", () => this.#end());
  }

  /** The socket as graphql-ws uses it. */
  get protocolSocket(): ProtocolSocket {
    const socket = this.#socket;
    return {
      protocol: socket.protocol,
      send: (data) => this.#send(data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => socket.on("message", (data) => this.#read(data, handle)),
    };
  }

  /** The client has introduced itself. */
  init(context: ConnectionContext): void {
    this.#context = context;
    const { connectionParams } = context;
    const { headers } = this.#client;
    this.#clientInfo = clientInfoOfInit(connectionParams) ?? clientInfoOf((name) => headers.get(name));
    this.#client = this.#client.withInitHeaders(connectionParams);
  }

  start(context: ConnectionContext, id: string, payload: SubscribePayload): ReturnType<SocketOperations["start"]> {
    const { operations, clientAddress, maxOperationsPerSocket: most } = this.#options;
    const gone = new AbortController();
    this.#running.set(id, gone);
    const isOneTooMany = Object.keys(context.subscriptions).length > most;
    return operations.start({
      client: this.#client,
      clientInfo: this.#clientInfo,
      clientAddress,
      connection: this.#id,
      gone: gone.signal,
      payload,
      fault: isOneTooMany ? tooManyOperations(most) : undefined,
    });
  }

  /** Closes the WebSocket when what runs on it has been answered. */
  close(): void {
    this.#isClosing = true;
    this.#closeIfIdle();
  }

  /** `ws` refuses text that is not UTF-8; a binary message may have any bytes. */
  #read(data: RawData, handle: (text: string) => Promise<void>): void {
    try {
      const text = textOf(bytesOf(data), "The message");
      if (isOfServer(text)) this.#socket.close(badRequest, "Only a server sends messages of this type");
      else void this.#handle(() => handle(withQuery(text)));
    } catch {
      this.#socket.close(notUtf8, "The message is not UTF-8");
    }
  }

  async #handle(handle: () => Promise<void>): Promise<void> {
    this.#handling += 1;
    try {
      const handled = handle();
      this.#leaveEnded();
      if (this.#socket.bufferedAmount > this.#options.maxWaitingBytes) this.#socket.pause();
      await handled;
    } catch (error) {
      this.#options.logger.error(
        { err: errorFields(error), connection: this.#id },
        "a WebSocket message could not be handled",
      );
      this.#socket.close(internalError, "Internal server error");
    }
    this.#handling -= 1;
    this.#leaveEnded();
    this.#closeIfIdle();
  }

  /** A client that sends pings and takes no answer would fill the memory. */
  #pong(data: Buffer): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.pong(data, false, () => this.#resume());
    if (socket.bufferedAmount > this.#options.maxWaitingBytes) socket.pause();
  }

  #resume(): void {
    const socket = this.#socket;
    if (socket.isPaused && socket.bufferedAmount <= this.#options.maxWaitingBytes) socket.resume();
  }

  /** Fulfils when the message is on its way, so that an operation waits for a client that is slow to take it. */
  #send(data: string): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const release = resultMemory.holdUnsent(data.length);
    socket.send(data, () => {
      release();
      this.#resume();
      resolve();
    });
    return promise;
  }

  /** graphql-ws forgets an operation when its client wants no more of it, but stops only subscriptions. */
  #leaveEnded(): void {
    const running = this.#context?.subscriptions ?? {};
    for (const [id, client] of this.#running) {
      if (id in running) continue;
      this.#running.delete(id);
      client.abort();
    }
  }

  /** An answer that came while this process was busy is read before the client is given up. */
  #beat(): void {
    if (this.#isAlive) this.#ping();
    else setImmediate(() => (this.#isAlive ? this.#ping() : this.#socket.terminate()));
  }

  #ping(): void {
    this.#isAlive = false;
    this.#socket.ping();
  }

  #closeIfIdle(): void {
    if (this.#isClosing && this.#handling === 0) this.#socket.close(goingAway, "Going away");
  }

  #end(): void {
    clearInterval(this.#timer);
    for (const client of this.#running.values()) client.abort();
    this.#running.clear();
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/**
 * The message with an empty `query` where a persisted one is named without its text: for graphql-ws a message without
 * `query` is malformed, and it closes the WebSocket with everything that runs on it.
 */
function withQuery(text: string): string {
  if (text.includes('"query"') || !text.includes('"subscribe"')) return text;
  try {
    const message: unknown = JSON.parse(text);
    if (!isRecord(message) || !isRecord(message.payload)) return text;
    return JSON.stringify({ ...message, payload: { query: "", ...message.payload } });
  } catch {
    return text;
  }
}

const serverTypes: ReadonlySet<unknown> = new Set(["connection_ack", "next", "error"]);

/** Whether a client sends what only a server may send: graphql-ws throws at it, as at a fault of its own. */
function isOfServer(text: string): boolean {
  if (!/"(?:connection_ack|next|error)"/.test(text)) return false;
  try {
    const message: unknown = JSON.parse(text);
    return isRecord(message) && serverTypes.has(message.type);
  } catch {
    return false;
  }
}

const tooManyOperations = (most: number): GraphQLError =>
  refusal("LIMIT_EXCEEDED", `More than ${most} operations run on this connection.`, { status: 429 });
