import type { DocumentNode } from "graphql";
import { LRUCache } from "lru-cache";

/** Characters of all cached documents together. A document takes some hundred times its text in memory. */
const maxCachedCharacters = 1_000_000;

/**
 * Parsed documents by their text, bounded by what they take: by count alone, as Yoga bounds it, a thousand large
 * documents would fill the memory. A document too large for it is parsed every time.
 */
export const createDocumentCache = (maxCharacters = maxCachedCharacters) =>
  new LRUCache<string, DocumentNode>({
    maxSize: maxCharacters,
    maxEntrySize: maxCharacters / 20,
    sizeCalculation: (_document, text) => text.length,
  });

/** Documents that cannot be parsed are not worth keeping: a client that sends one rarely sends it again. */
export const noErrorCache = { get: () => undefined, set: () => undefined };
