import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LRUCache } from "lru-cache";
import type { StoredPolicy } from "./cache-policy.ts";
import type { AnswerHeaders } from "./upstream-read.ts";

/** A response to a GET that is kept. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
  readonly policy: StoredPolicy;
  /** The results of schemas for the text, frozen, with their approximate sizes in bytes. */
  readonly values: ReadonlyMap<StandardSchemaV1, StoredValue>;
}

/** A frozen value, and its size in bytes. */
export interface StoredValue {
  readonly value: unknown;
  readonly bytes: number;
}

/**
 * Keeps responses by key, with what schemas have made of them: a hit is a look-up. Bodies, values, headers and keys
 * together take at most `maxBytes`; the least recently used response goes first.
 */
export class ResponseCache {
  readonly #responses: LRUCache<string, StoredResponse>;

  constructor(maxBytes: number) {
    this.#responses = new LRUCache({ maxSize: maxBytes, sizeCalculation: sizeOf });
  }

  get entries(): number {
    return this.#responses.size;
  }

  get bytes(): number {
    return this.#responses.calculatedSize;
  }

  /** Also one that is stale. */
  get(key: string): StoredResponse | undefined {
    return this.#responses.get(key);
  }

  set(key: string, response: StoredResponse): void {
    this.#responses.set(key, response);
  }

  delete(key: string): void {
    this.#responses.delete(key);
  }

  /**
   * Keeps what a schema has made of the text of a stored response, unless the cache is too small for both. Of more than
   * `maxValues` schemas those that came last are kept.
   */
  keepValue(key: string, text: string, schema: StandardSchemaV1, value: StoredValue): void {
    const response = this.#responses.peek(key);
    // Another one may have taken its place.
    if (response === undefined || response.text !== text || response.values.has(schema)) return;
    const values = new Map([...response.values].slice(1 - maxValues)).set(schema, value);
    const grown = { ...response, values };
    if (sizeOf(grown, key) <= this.#responses.maxSize) this.#responses.set(key, grown);
  }
}

/** A schema that is made anew for each request is never asked for again. */
const maxValues = 4;

function sizeOf({ text, headers, values }: StoredResponse, key: string): number {
  let size = key.length + JSON.stringify(headers).length + textBytes(text);
  for (const { bytes } of values.values()) size += bytes;
  return size;
}

/** In memory, a text with one character that is not Latin-1 has two bytes for each. */
function textBytes(text: string): number {
  const inUtf8 = Buffer.byteLength(text);
  return inUtf8 === text.length ? inUtf8 : Math.max(inUtf8, 2 * text.length);
}
