import type { Socket } from "node:net";
import { Agent, buildConnector, type Dispatcher, errors } from "undici";
import { textOf } from "./charset.ts";
import { decoded, encodingsOf } from "./content-encoding.ts";
import { ConnectionError, exchange } from "./exchange.ts";
import type { ResponseHeaders } from "./upstream-read.ts";

export interface HttpOptions {
  readonly timeoutMs: number;
  readonly maxConcurrency: number;
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
}

export interface HttpCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a POST. Undefined for a GET. */
  readonly json?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The decoded body of a 200. Empty for any other status: no reader needs that body. */
  readonly text: string;
}

export interface Http {
  /**
   * @throws CallTimeoutError, TooLargeError, UnreadableBodyError, ConnectionError, or the signal's reason
   */
  send(call: HttpCall, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** HTTP with limits of time and size. It does not follow redirects. */
export function createHttp(options: HttpOptions): Http {
  const { timeoutMs, maxBodyBytes } = options;
  const { connect, wasReused } = createConnector(timeoutMs);
  const agent = new Agent({
    connect,
    connections: options.maxConcurrency,
    maxHeaderSize: options.maxHeaderBytes,
    // `timeoutMs` limits the whole call.
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
        const isClosedEarly = error instanceof ConnectionError && !error.responseStarted && wasReused(error.cause);
        if (!isClosedEarly || call.json !== undefined || signal.aborted) throw error;
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
 * Tells whether the connection of an error had received bytes before. A service may close an idle connection at the
 * moment at which a call is sent on it: the call did not reach the service, and a GET may be sent again (RFC 9110,
 * 9.2.2).
 */
function createConnector(timeoutMs: number) {
  const connectTo = buildConnector({ timeout: timeoutMs });
  const resetsAfterUse = new WeakSet<Error>();
  const watchResets = (socket: Socket) =>
    socket.prependListener("error", (error: NodeJS.ErrnoException) => {
      if (socket.bytesRead > 0 && isReset(error)) resetsAfterUse.add(error);
    });
  const connect: buildConnector.connector = (options, callback) =>
    connectTo(options, (...result) => {
      const [failure, socket] = result;
      if (failure === null) watchResets(socket);
      callback(...result);
    });
  const wasReused = (error: unknown): boolean => {
    if (error instanceof errors.SocketError && isClosed(error)) return (error.socket?.bytesRead ?? 0) > 0;
    return error instanceof Error && resetsAfterUse.has(error);
  };
  return { connect, wasReused };
}

const isReset = ({ code }: NodeJS.ErrnoException): boolean => code === "ECONNRESET" || code === "EPIPE";

/** undici has one class for all socket errors. */
const isClosed = ({ message }: Error): boolean => message === "other side closed" || message === "closed";
