import { Writable } from "node:stream";
import { LRUCache } from "lru-cache";
import type { cacheStores } from "undici";

type MemoryStore = InstanceType<typeof cacheStores.MemoryCacheStore>;
type CacheKey = Parameters<MemoryStore["createWriteStream"]>[0];
type CacheValue = Parameters<MemoryStore["createWriteStream"]>[1];
type CacheControl = NonNullable<CacheValue["cacheControlDirectives"]>;

/** An answer in the store. */
export interface StoredResponse extends CacheValue {
  readonly cacheControlDirectives: CacheControl;
  readonly body: Buffer;
}

export interface ResponseStoreOptions {
  /** Bodies, headers and keys together; the least recently used answers go first. */
  readonly maxBytes: number;
  /** Names of request headers, in lower case, that every answer belongs to, as though its `Vary` named them. */
  readonly identity: readonly string[];
  /** For answers that do not say themselves how long they may stand in for a failing service. */
  readonly staleIfErrorSeconds: number;
}

/**
 * How long a stale answer stays for a 304 that would save its body. undici would drop it when it has been stale for as
 * long as it was fresh.
 */
const revalidationMs = 24 * 60 * 60 * 1000;

/**
 * Where the HTTP cache keeps its answers. Beside what undici's own memory store does, an answer belongs to one identity,
 * the number of entries can be told, and the least recently used one goes first, one at a time.
 *
 * `Vary` needs no further thought: what is sent differs between two calls of one URL by headers of the identity alone,
 * and those are part of the key.
 */
export class ResponseStore {
  readonly #responses: LRUCache<string, StoredResponse>;
  readonly #options: ResponseStoreOptions;

  constructor(options: ResponseStoreOptions) {
    this.#options = options;
    this.#responses = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: ({ body, headers }, key) => key.length + JSON.stringify(headers).length + body.length,
    });
  }

  get entries(): number {
    return this.#responses.size;
  }

  get bytes(): number {
    return this.#responses.calculatedSize;
  }

  /** Also one whose time to stay is over, which the cache then does not use. */
  get(key: CacheKey): StoredResponse | undefined {
    return this.#responses.get(this.#idOf(key));
  }

  createWriteStream(key: CacheKey, value: CacheValue): Writable {
    const chunks: Buffer[] = [];
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
      final: (done) => {
        this.#responses.set(this.#idOf(key), { ...value, ...this.#staying(value), body: Buffer.concat(chunks) });
        done();
      },
    });
  }

  delete(key: CacheKey): void {
    this.#responses.delete(this.#idOf(key));
  }

  #idOf({ origin, method, path, headers = {} }: CacheKey): string {
    return JSON.stringify([method, origin, path, ...this.#options.identity.map((name) => headers[name] ?? null)]);
  }

  /**
   * How long an answer stays, and what may be done with it once it is stale.
   *
   * `stale-while-revalidate` is left out: undici revalidates in the background with one call for each read, beside every
   * limit and without anyone who waits for it.
   */
  #staying({ cacheControlDirectives = {}, staleAt, deleteAt, etag, headers }: CacheValue) {
    const { "stale-while-revalidate": _, "stale-if-error": said, ...directives } = cacheControlDirectives;
    // undici knows the other directives that forbid a stale answer, but not this one (RFC 9111, 5.2.2.4).
    const isForbidden = directives["no-cache"] === true;
    const seconds = isForbidden ? 0 : (said ?? this.#options.staleIfErrorSeconds);
    const canBeRevalidated = etag !== undefined || headers["last-modified"] !== undefined;
    return {
      cacheControlDirectives: seconds > 0 ? { ...directives, "stale-if-error": seconds } : directives,
      deleteAt: Math.max(deleteAt, staleAt + seconds * 1000, canBeRevalidated ? staleAt + revalidationMs : 0),
    };
  }
}
