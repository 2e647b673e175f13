/** A complete response. */
export interface ReadResponse {
  readonly status: number;
  /** Size of the body, without chunk headers. */
  readonly bodyBytes: number;
}

const headEnd = Buffer.from("\r\n\r\n");
const lineEnd = Buffer.from("\r\n");

/**
 * Reads the responses on an HTTP/1.1 connection without pipelining. It only finds their ends and stores no bodies, to use
 * little of the core that it shares with the services. Call `push` with each received chunk.
 */
export class ResponseReader {
  #head: Buffer | undefined;
  #status = 0;
  #bodyBytes = 0;
  /** Missing bytes of the body or of the current chunk. */
  #remaining = 0;
  #state: "head" | "body" | "chunk-size" | "chunk" | "trailer" = "head";

  /** Returns the response if these bytes complete it, else undefined. */
  push(bytes: Buffer): ReadResponse | undefined {
    if (this.#state === "body") return this.#takeBody(bytes.length);
    const all = this.#head === undefined ? bytes : Buffer.concat([this.#head, bytes]);
    this.#head = undefined;
    return this.#state === "head" ? this.#takeHead(all) : this.#takeChunks(all);
  }

  #takeHead(bytes: Buffer): ReadResponse | undefined {
    const end = bytes.indexOf(headEnd);
    if (end === -1) {
      this.#head = bytes;
      return undefined;
    }
    const head = bytes.toString("latin1", 0, end).toLowerCase();
    this.#status = Number(head.slice(9, 12));
    this.#bodyBytes = 0;
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    const rest = end + headEnd.length;
    if (length !== undefined) {
      this.#remaining = Number(length);
      return this.#takeBody(bytes.length - rest);
    }
    if (!/\r\ntransfer-encoding: *chunked/.test(head))
      throw new Error("Expected a response with content-length or chunks.");
    this.#state = "chunk-size";
    return this.#takeChunks(bytes.subarray(rest));
  }

  #takeBody(length: number): ReadResponse | undefined {
    this.#state = "body";
    this.#bodyBytes += length;
    this.#remaining -= length;
    if (this.#remaining < 0) throw new Error("Expected one response per request, got more bytes.");
    return this.#remaining === 0 ? this.#finish() : undefined;
  }

  #takeChunks(bytes: Buffer): ReadResponse | undefined {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#state === "chunk") {
        const taken = Math.min(this.#remaining, rest.length);
        this.#remaining -= taken;
        rest = rest.subarray(taken);
        if (this.#remaining === 0) this.#state = "chunk-size";
        continue;
      }
      const end = rest.indexOf(lineEnd);
      if (end === -1) break;
      const line = rest.toString("latin1", 0, end);
      rest = rest.subarray(end + lineEnd.length);
      if (this.#state === "trailer") {
        if (line === "") return this.#finish();
        continue;
      }
      const size = Number.parseInt(line, 16);
      this.#bodyBytes += size;
      // The line break after the chunk is read with it.
      this.#remaining = size + lineEnd.length;
      this.#state = size === 0 ? "trailer" : "chunk";
    }
    if (rest.length > 0) this.#head = rest;
    return undefined;
  }

  #finish(): ReadResponse {
    this.#state = "head";
    return { status: this.#status, bodyBytes: this.#bodyBytes };
  }
}
