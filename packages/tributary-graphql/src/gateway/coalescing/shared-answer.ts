import { asGraphQLError } from "../execution/incremental-payloads.ts";
import { type ContentEncoding, compress } from "../http/content-encoding.ts";
import { type Answer, isStream, type Payload } from "../streaming/payload.ts";
import { isPublic } from "../streaming/publish.ts";

/** An answer that several requests may wait for: written once and compressed once, unless it has something of each in it. */
export class SharedAnswer {
  readonly payload: Payload;
  readonly #isShared: boolean;
  #written: Buffer<ArrayBuffer> | undefined;
  #compressed: Map<ContentEncoding, Promise<Uint8Array<ArrayBuffer>>> | undefined;

  constructor(answer: Answer, isShared: boolean) {
    this.payload = isStream(answer) ? { errors: [asGraphQLError(unexpectedStream())] } : answer;
    this.#isShared = isShared;
  }

  /**
   * What all get; undefined where each gets its own: errors carry the id of the request that they are told to, which
   * includes those of values that cannot be written.
   */
  get written(): Buffer<ArrayBuffer> | undefined {
    if (!this.#isShared || !isPublic(this.payload)) return undefined;
    this.#written ??= this.#write();
    return this.#written;
  }

  #write(): Buffer<ArrayBuffer> | undefined {
    try {
      return Buffer.from(JSON.stringify(this.payload));
    } catch {
      return undefined;
    }
  }

  /** The body compressed: once, if it is what all get. */
  compressed(body: string | Uint8Array, encoding: ContentEncoding): Promise<Uint8Array<ArrayBuffer>> {
    if (body !== this.#written) return compress[encoding](body);
    this.#compressed ??= new Map();
    let bytes = this.#compressed.get(encoding);
    if (bytes === undefined) {
      bytes = compress[encoding](body);
      this.#compressed.set(encoding, bytes);
    }
    return bytes;
  }
}

const unexpectedStream = () => new TypeError("An operation was executed to a stream although nothing in it is one.");
