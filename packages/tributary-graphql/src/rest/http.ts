import type { Socket } from "node:net";
import { Agent, buildConnector, type Dispatcher, errors } from "undici";
import { textOf } from "./charset.ts";
import { decoded, encodingsOf } from "./content-encoding.ts";
import { ConnectionError, exchange } from "./exchange.ts";
import type { AnswerHeaders } from "./upstream-read.ts";

export interface HttpOptions {
  readonly timeoutMs: number;
  readonly maxConcurrency: number;
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
}

export interface HttpCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly json?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The decoded body of a 200; empty for any other status, whose body nobody reads. */
  readonly text: string;
}

export interface Http {
  /**
   * @throws CallTimeoutError, TooLargeError, UnreadableBodyError, ConnectionError, or the signal's reason
   */
  send(call: HttpCall, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** HTTP bounded in time and size. Redirects are not followed. */
export function createHttp(options: HttpOptions): Http {
  const { timeoutMs, maxBodyBytes } = options;
  const { connect, hadBeenUsed } = createConnector(timeoutMs);
  const agent = new Agent({
    connect,
    connections: options.maxConcurrency,
    maxHeaderSize: options.maxHeaderBytes,
    // A call has one limit for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const send = async (call: HttpCall, signal: AbortSignal): Promise<HttpResponse> => {
    const { status, headers, bytes } = await exchange(
      agent,
      dispatchOptions(call),
      { timeoutMs, maxBodyBytes },
      signal,
    );
    if (status !== 200) return { status, headers, text: "" };
    const encodings = encodingsOf(headers["content-encoding"]);
    const plain = encodings.length === 0 ? bytes : await decoded(bytes, encodings, maxBodyBytes);
    return { status, headers, text: textOf(plain, headers["content-type"]) };
  };
  return {
    send: (call, signal) =>
      send(call, signal).catch((error: unknown) => {
        const isClosedBefore = error instanceof ConnectionError && !error.hasBegun && hadBeenUsed(error.cause);
        if (!isClosedBefore || call.json !== undefined || signal.aborted) throw error;
        return send(call, signal);
      }),
    close: () => agent.destroy(),
  };
}

function dispatchOptions({ url, headers, json }: HttpCall): Dispatcher.DispatchOptions {
  const target = { origin: url.origin, path: `${url.pathname}${url.search}` };
  if (json === undefined) return { ...target, method: "GET", headers };
  return { ...target, method: "POST", headers: { ...headers, "content-type": "application/json" }, body: json };
}

/**
 * Connections that remember, for the error they end with, whether they had brought something before. A service closes
 * an idle connection at the moment at which a call is sent on it: that call never reached it, and a GET may be sent
 * again (RFC 9110, 9.2.2).
 */
function createConnector(timeoutMs: number) {
  const connectTo = buildConnector({ timeout: timeoutMs });
  const endsOfUsed = new WeakSet<Error>();
  const remember = (socket: Socket) =>
    socket.prependListener("error", (error: NodeJS.ErrnoException) => {
      if (socket.bytesRead > 0 && isReset(error)) endsOfUsed.add(error);
    });
  const connect: buildConnector.connector = (options, callback) =>
    connectTo(options, (...result) => {
      const [failure, socket] = result;
      if (failure === null) remember(socket);
      callback(...result);
    });
  const hadBeenUsed = (error: unknown): boolean => {
    if (error instanceof errors.SocketError && isClosed(error)) return (error.socket?.bytesRead ?? 0) > 0;
    return error instanceof Error && endsOfUsed.has(error);
  };
  return { connect, hadBeenUsed };
}

const isReset = ({ code }: NodeJS.ErrnoException): boolean => code === "ECONNRESET" || code === "EPIPE";

/** undici has one class for all that happens to a socket. */
const isClosed = ({ message }: Error): boolean => message === "other side closed" || message === "closed";
