import type { GraphQLResolveInfo } from "graphql";
import { badUserInput } from "tributary-graphql";
import { selectedProperties } from "tributary-graphql/pothos";
import type { Airport } from "../datasources/airport.ts";
import type { City } from "../datasources/city.ts";
import type { SearchResult } from "../datasources/search.ts";
import type { Context } from "./context.ts";
import { assertSearchText } from "./search-text.ts";

export const maxSearchResults = 50;
export const defaultSearchResults = 10;

export async function search(
  _root: unknown,
  { text, first }: { text: string; first?: number | null },
  { sources }: Context,
  info: GraphQLResolveInfo,
): Promise<readonly SearchResult[]> {
  const limit = first ?? defaultSearchResults;
  if (limit < 0 || limit > maxSearchResults) {
    throw badUserInput(`first: expected a number from 0 to ${maxSearchResults}, got ${limit}.`);
  }
  assertSearchText("text", text);
  return sources.search(text, limit, {
    cities: selectedProperties<City>(info, "City"),
    airports: selectedProperties<Airport>(info, "Airport"),
  });
}
