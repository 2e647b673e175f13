import { connect, type Socket } from "node:net";
import { ResponseReader } from "./response-reader.ts";

/** One round of load. */
export interface LoadOrder {
  readonly url: string;
  /** Sent in turn, again and again. */
  readonly bodies: readonly string[];
  /** Each sends its next request when it has the answer to the one before. */
  readonly connections: number;
  readonly durationMs: number;
  /** Bytes that the body of every answer must have; undefined where they differ. */
  readonly bodyBytes?: number | undefined;
}

export interface LoadResult {
  readonly requests: number;
  /** From the first byte sent to the last answer, in milliseconds. */
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were no 200 of the right length, by what they were instead. */
  readonly wrong: Readonly<Record<string, number>>;
}

/**
 * Keeps a server busy over connections that stay open. Requests that are under way when the time is up are waited for and
 * counted, so that every request that the server worked on is one of them.
 *
 * @throws Error when a connection breaks
 */
export async function generateLoad(order: LoadOrder): Promise<LoadResult> {
  const { hostname, port, pathname, host } = new URL(order.url);
  const requests = order.bodies.map((body) => requestText(host, pathname, body));
  const latencies: number[] = [];
  const wrong: Record<string, number> = {};
  const startedAt = performance.now();
  const until = startedAt + order.durationMs;
  let next = 0;
  const connections = Array.from({ length: order.connections }, async () => {
    const socket = await openSocket(hostname, Number(port));
    await useConnection(socket, {
      nextRequest: () => (performance.now() < until ? requests[next++ % requests.length] : undefined),
      onAnswer: ({ status, bodyBytes }, ms) => {
        latencies.push(ms);
        const isRight = status === 200 && (order.bodyBytes === undefined || bodyBytes === order.bodyBytes);
        const what = `${status} with ${bodyBytes} bytes`;
        if (!isRight) wrong[what] = (wrong[what] ?? 0) + 1;
      },
    });
  });
  await Promise.all(connections);
  const elapsedMs = performance.now() - startedAt;
  latencies.sort((one, other) => one - other);
  const quantile = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
  return { requests: latencies.length, elapsedMs, p50Ms: quantile(0.5), p99Ms: quantile(0.99), wrong };
}

interface Connection {
  /** Undefined when the time is up. */
  nextRequest(): Buffer | undefined;
  onAnswer(answer: { readonly status: number; readonly bodyBytes: number }, ms: number): void;
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
    const answer = reader.push(bytes);
    if (answer === undefined) return;
    connection.onAnswer(answer, performance.now() - sentAt);
    send();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("The server closed a connection that was in use.")));
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
