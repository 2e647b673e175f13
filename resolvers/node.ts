import { badUserInput } from "../datasources/errors.ts";
import type { SearchResult } from "../datasources/search.ts";
import type { Context } from "./context.ts";
import { type NodeId, parseNodeId } from "./node-id.ts";

/** What `node(id:)` can open. */
export type Node = SearchResult;

/** Ids that one `nodes` field may ask for. */
export const maxNodeIds = 100;

export async function nodeById(
  _root: unknown,
  { id }: { id: string | number },
  context: Context,
): Promise<Node | null> {
  return findNode(parseNodeId(String(id)), context);
}

/** One slot an id, in the order of the ids; a forged id is an error in its own slot. */
export function nodesByIds(_root: unknown, { ids }: { ids: readonly (string | number)[] }, context: Context) {
  if (ids.length > maxNodeIds) throw badUserInput(`ids: expected at most ${maxNodeIds} ids, got ${ids.length}.`);
  return ids.map((id) => nodeById(_root, { id }, context));
}

function findNode(id: NodeId, { sources }: Context): Promise<Node | null> {
  switch (id.type) {
    case "Country":
      return sources.countries.byCode(id.key);
    case "City":
      return sources.cities.byId(id.key);
    case "Airport":
      return sources.airports.byIata(id.key);
    default:
      return id satisfies never;
  }
}
