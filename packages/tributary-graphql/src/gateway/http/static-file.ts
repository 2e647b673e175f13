import { createHash } from "node:crypto";
import { type ContentEncoding, compressForGood, encodingFor } from "./content-encoding.ts";
import { wholeResponse } from "./json-response.ts";

/** A response that is sent often. It is compressed once per content coding, outside of the event loop, when a client first asks. */
export class StaticFile {
  /** Of its bytes: another text has another hash. */
  readonly hash: string;
  readonly #bytes: Buffer<ArrayBuffer>;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #compressed = new Map<ContentEncoding, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(content: string | Buffer<ArrayBuffer>, headers: Readonly<Record<string, string>>) {
    this.#bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
    this.#headers = headers;
    this.hash = createHash("sha256").update(this.#bytes).digest("hex").slice(0, 32);
  }

  /** Compresses it ahead for a client that will request it. */
  prepare(acceptEncoding: string | null): void {
    const encoding = encodingFor(acceptEncoding, smallestFirst);
    if (encoding) void this.#encoded(encoding);
  }

  async respond(acceptEncoding: string | null, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const all = { vary: "Accept-Encoding", ...this.#headers, ...headers };
    const encoding = encodingFor(acceptEncoding, smallestFirst);
    if (!encoding) return wholeResponse(this.#bytes, { headers: all });
    return wholeResponse(await this.#encoded(encoding), { headers: { ...all, "content-encoding": encoding } });
  }

  #encoded(encoding: ContentEncoding): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#compressed.get(encoding);
    if (known) return known;
    const bytes = compressForGood[encoding](this.#bytes);
    this.#compressed.set(encoding, bytes);
    return bytes;
  }
}

const smallestFirst: readonly ContentEncoding[] = ["br", "gzip"];
