import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method?: string;
  readonly path?: string;
  /** In the order and with the names given; `host` is added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Sends the body in chunks, without its length. */
  readonly isChunked?: boolean;
}

/** The bytes of a request. */
export function wireBytes({ method = "POST", path = "/graphql", headers = {}, body, isChunked }: WireRequest): Buffer {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const length = isChunked ? { "transfer-encoding": "chunked" } : { "content-length": String(bytes?.length ?? 0) };
  const all = { host: "toys.test", ...(bytes && length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
  if (bytes === undefined) return head;
  if (!isChunked) return Buffer.concat([head, bytes]);
  const middle = Math.ceil(bytes.length / 2);
  const chunks = [bytes.subarray(0, middle), bytes.subarray(middle)].filter(({ length: size }) => size > 0);
  const framed = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, "\r\n"]);
  return Buffer.concat([head, ...framed.map((part) => Buffer.from(part)), Buffer.from("0\r\n\r\n")]);
}

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: string;
  /** Lines as they were sent. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** A connection that is written to and read from byte by byte. */
export class Wire {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("error", () => undefined);
    this.socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  send(bytes: Buffer | string): void {
    this.socket.write(bytes);
  }

  /** The next answer. A `HEAD` has no body, whatever its length says. */
  async answer(method = "POST"): Promise<WireAnswer> {
    const headEnd = await this.#find("\r\n\r\n", 0);
    const [status = "", ...headers] = this.#received.subarray(0, headEnd).toString("latin1").split("\r\n");
    this.#received = this.#received.subarray(headEnd + 4);
    if (status.startsWith("HTTP/1.1 100")) return { status, headers, body: Buffer.alloc(0) };
    return { status, headers, body: method === "HEAD" ? Buffer.alloc(0) : await this.#body(headers) };
  }

  async #body(headers: readonly string[]): Promise<Buffer> {
    const headerOf = (name: string) =>
      headers.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2);
    const length = headerOf("content-length");
    if (length !== undefined) return this.#take(Number(length));
    if (headerOf("transfer-encoding") !== "chunked") return Buffer.alloc(0);
    const end = await this.#find("0\r\n\r\n", 0);
    return this.#take(end + 5);
  }

  async #take(bytes: number): Promise<Buffer> {
    while (this.#received.length < bytes) await this.#more();
    const taken = this.#received.subarray(0, bytes);
    this.#received = this.#received.subarray(bytes);
    return taken;
  }

  async #find(text: string, from: number): Promise<number> {
    for (;;) {
      const at = this.#received.indexOf(text, from);
      if (at >= 0) return at;
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    if (this.socket.closed || this.socket.readableEnded)
      throw new Error("The connection was closed before the answer was complete.");
    await Promise.race([once(this.socket, "data"), once(this.socket, "close")]);
  }
}
