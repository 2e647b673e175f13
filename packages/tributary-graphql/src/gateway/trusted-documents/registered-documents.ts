import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { refusal } from "../security/refusal.ts";

/** Characters of all registered texts. */
const maxCharacters = 5_000_000;

/** The texts that clients have registered with their hash. The least recently used ones are dropped. */
export class RegisteredDocuments {
  readonly #texts = new LRUCache<string, string>({
    max: 10_000,
    maxSize: maxCharacters,
    maxEntrySize: maxCharacters / 100,
    sizeCalculation: (text) => Math.max(1, text.length),
  });

  get size(): number {
    return this.#texts.size;
  }

  find(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  /** @throws GraphQLError a refusal (`BAD_USER_INPUT`) of a hash that is not that of the text */
  assertMatches(hash: string, text: string): void {
    if (this.#texts.peek(hash) === text || sha256(text) === hash) return;
    throw refusal(
      "BAD_USER_INPUT",
      "The provided sha256Hash is not the SHA-256 of the query, in lower-case hexadecimal.",
      {
        status: 400,
        isDocumentFault: true,
      },
    );
  }

  /** For a hash that matches. */
  register(hash: string, text: string): void {
    this.#texts.set(hash, text);
  }
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
