import type { GraphQLResolveInfo } from "graphql";
import { badUserInput } from "tributary-graphql";
import { selectedProperties } from "tributary-graphql/pothos";
import type { Airport } from "../datasources/airport.ts";
import type { City } from "../datasources/city.ts";
import type { SearchResult } from "../datasources/search.ts";
import type { Context } from "./context.ts";
import { type NodeId, parseNodeId } from "./node-id.ts";

/** The objects that `node(id:)` can return. */
export type Node = SearchResult;

/** Maximum number of ids per `nodes` field. */
export const maxNodeIds = 100;

export async function nodeById(
  _root: unknown,
  { id }: { id: string | number },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Node | null> {
  return findNode(parseNodeId(String(id)), context, info);
}

/** One list item per id, in the order of the ids; an invalid id is an error at its own list index. */
export function nodesByIds(
  _root: unknown,
  { ids }: { ids: readonly (string | number)[] },
  context: Context,
  info: GraphQLResolveInfo,
) {
  if (ids.length > maxNodeIds) throw badUserInput(`ids: expected at most ${maxNodeIds} ids, got ${ids.length}.`);
  return ids.map((id) => nodeById(_root, { id }, context, info));
}

function findNode(id: NodeId, { sources }: Context, info: GraphQLResolveInfo): Promise<Node | null> {
  switch (id.type) {
    case "Country":
      return sources.countries.byCode(id.key);
    case "City":
      return sources.cities.byId(id.key, selectedProperties<City>(info, "City"));
    case "Airport":
      return sources.airports.byIata(id.key, selectedProperties<Airport>(info, "Airport"));
    default:
      return id satisfies never;
  }
}
