import { LRUCache } from "lru-cache";

/** How long a text is remembered after one of its requests was late, in milliseconds. */
const rememberedMs = 30_000;

/** Characters of all texts that are remembered; a longer one is not. */
const maxCharacters = 1_000_000;

/**
 * What was asked by requests that were late. Who waits for somebody else's execution gets no part of an answer when its
 * deadline passes before the last one's; so while a source hangs, each of these is executed by itself and gets the rest.
 */
export class LateTexts {
  readonly #texts = new LRUCache<string, true>({
    ttl: rememberedMs,
    maxSize: maxCharacters,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  });

  add(text: string): void {
    this.#texts.set(text, true);
  }

  has(text: string): boolean {
    return this.#texts.size > 0 && this.#texts.has(text);
  }
}
