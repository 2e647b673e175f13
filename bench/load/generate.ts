import { connect, type Socket } from "node:net";
import { ResponseReader } from "./response-reader.ts";

/** A round of load. */
export interface LoadOptions {
  readonly url: string;
  /** Sent round-robin. */
  readonly bodies: readonly string[];
  /** Number of connections. Each sends its next request after the response to the previous one (closed loop). */
  readonly connections: number;
  readonly durationMs: number;
  /** Expected size of the response bodies; undefined if it differs between bodies. */
  readonly bodyBytes?: number | undefined;
}

export interface LoadResult {
  readonly requests: number;
  /** Milliseconds from the first request to the last response. */
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Number of responses with another status than 200 or another size, by status and size. */
  readonly unexpected: Readonly<Record<string, number>>;
}

/**
 * Sends requests over keep-alive connections. It waits for the requests in flight at the end, and counts them, so that
 * all work of the server is counted.
 *
 * @throws Error if a connection fails
 */
export async function generateLoad(options: LoadOptions): Promise<LoadResult> {
  const { hostname, port, pathname, host } = new URL(options.url);
  const requests = options.bodies.map((body) => requestText(host, pathname, body));
  const latencies: number[] = [];
  const unexpected: Record<string, number> = {};
  const startedAt = performance.now();
  const until = startedAt + options.durationMs;
  let next = 0;
  const connections = Array.from({ length: options.connections }, async () => {
    const socket = await openSocket(hostname, Number(port));
    await useConnection(socket, {
      nextRequest: () => (performance.now() < until ? requests[next++ % requests.length] : undefined),
      onResponse: ({ status, bodyBytes }, ms) => {
        latencies.push(ms);
        const isExpected = status === 200 && (options.bodyBytes === undefined || bodyBytes === options.bodyBytes);
        const description = `${status} with ${bodyBytes} bytes`;
        if (!isExpected) unexpected[description] = (unexpected[description] ?? 0) + 1;
      },
    });
  });
  await Promise.all(connections);
  const elapsedMs = performance.now() - startedAt;
  latencies.sort((one, other) => one - other);
  const quantile = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
  return { requests: latencies.length, elapsedMs, p50Ms: quantile(0.5), p99Ms: quantile(0.99), unexpected };
}

interface Connection {
  /** Undefined at the end of the round. */
  nextRequest(): Buffer | undefined;
  onResponse(response: { readonly status: number; readonly bodyBytes: number }, ms: number): void;
}

function useConnection(socket: Socket, connection: Connection): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const reader = new ResponseReader();
  let sentAt = 0;
  const send = () => {
    const request = connection.nextRequest();
    if (request === undefined) return resolve();
    sentAt = performance.now();
    socket.write(request);
  };
  socket.on("data", (bytes) => {
    const response = reader.push(bytes);
    if (response === undefined) return;
    connection.onResponse(response, performance.now() - sentAt);
    send();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("The server closed a connection during the round.")));
  send();
  return promise.finally(() => socket.destroy());
}

function openSocket(host: string, port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
  socket.once("error", reject);
  return promise;
}

const requestText = (host: string, path: string, body: string): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
