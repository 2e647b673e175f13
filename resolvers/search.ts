import { badUserInput } from "../datasources/errors.ts";
import type { SearchResult } from "../datasources/search.ts";
import type { Context } from "./context.ts";

export const maxSearchResults = 50;
export const defaultSearchResults = 10;
/** Longer than any name in the graph. */
const maxSearchLength = 100;

export async function search(
  _root: unknown,
  { text, first }: { text: string; first?: number | null },
  { sources }: Context,
): Promise<readonly SearchResult[]> {
  const limit = first ?? defaultSearchResults;
  if (limit < 0 || limit > maxSearchResults) {
    throw badUserInput(`first: expected a number from 0 to ${maxSearchResults}, got ${limit}.`);
  }
  if (text.length > maxSearchLength) {
    throw badUserInput(`text: expected at most ${maxSearchLength} characters, got ${text.length}.`);
  }
  return sources.search(text, limit);
}
