import { unexpectedError } from "../execution/execution-errors.ts";
import { type ContentEncoding, compress } from "../http/content-encoding.ts";
import { type Answer, isStream, type Payload } from "../streaming/payload.ts";
import { isPublic } from "../streaming/publish.ts";

/** An answer for several requests. It is written and compressed once, unless it differs between them. */
export class SharedAnswer {
  readonly payload: Payload;
  readonly isShared: boolean;
  #written: Buffer<ArrayBuffer> | undefined;
  #compressed: Map<ContentEncoding, Promise<Uint8Array<ArrayBuffer>>> | undefined;

  constructor(answer: Answer, isShared: boolean) {
    this.payload = isStream(answer) ? { errors: [unexpectedError(unexpectedStream())] } : answer;
    this.isShared = isShared;
  }

  /** The same answer for requests that come later. */
  forOthers(): SharedAnswer {
    return new SharedAnswer(this.payload, true);
  }

  /**
   * The bytes for all requests; undefined where each has its own: errors carry the id of their request, those about values
   * that cannot be written too.
   */
  get written(): Buffer<ArrayBuffer> | undefined {
    if (!this.isShared || !isPublic(this.payload)) return undefined;
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

  /** The body compressed: once, if it is the same for all. */
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
