import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LRUCache } from "lru-cache";
import type { StoredPolicy } from "./cache-policy.ts";
import type { ResponseHeaders } from "./upstream-read.ts";

/** A stored response to a GET. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
  readonly policy: StoredPolicy;
  /** The frozen results of schemas for the text. */
  readonly values: ReadonlyMap<StandardSchemaV1, StoredValue>;
}

/** A frozen value, and its approximate size in bytes. */
export interface StoredValue {
  readonly value: unknown;
  readonly bytes: number;
}

/**
 * An LRU cache of responses, with the results of schemas for their bodies: a hit neither parses nor validates. Keys,
 * headers, bodies and results together take at most `maxBytes`.
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

  /** The response may be stale. */
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
   * Stores the result of a schema for the text of a stored response, unless the cache is too small for both. At most
   * `maxValues` results are stored per response, the oldest is evicted.
   */
  setValue(key: string, text: string, schema: StandardSchemaV1, value: StoredValue): void {
    const response = this.#responses.peek(key);
    // The response may have been replaced.
    if (response === undefined || response.text !== text || response.values.has(schema)) return;
    const values = new Map([...response.values].slice(1 - maxValues)).set(schema, value);
    const grown = { ...response, values };
    if (sizeOf(grown, key) <= this.#responses.maxSize) this.#responses.set(key, grown);
  }
}

/** The limit evicts schemas that are created per request, which are never used again. */
const maxValues = 4;

function sizeOf({ text, headers, values }: StoredResponse, key: string): number {
  let size = key.length + JSON.stringify(headers).length + textBytes(text);
  for (const { bytes } of values.values()) size += bytes;
  return size;
}

/** A string takes two bytes per character in memory as soon as one character is not Latin-1. */
function textBytes(text: string): number {
  const inUtf8 = Buffer.byteLength(text);
  return inUtf8 === text.length ? inUtf8 : Math.max(inUtf8, 2 * text.length);
}
