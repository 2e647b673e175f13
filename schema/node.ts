import type { Node } from "../resolvers/node.ts";
import { builder } from "./builder.ts";

/** The GraphQL name of each kind of domain object, for interfaces and unions. */
const typeNames = { country: "Country", city: "City", airport: "Airport" } as const satisfies Record<
  Node["kind"],
  string
>;

export const typeNameOf = ({ kind }: Pick<Node, "kind">): (typeof typeNames)[Node["kind"]] => typeNames[kind];

export const NodeType = builder.interfaceRef<Node>("Node").implement({
  description: "Whatever has an id that is unique in the whole graph and can be opened again with `node`.",
  resolveType: typeNameOf,
  fields: (t) => ({
    id: t.id({ description: "Opaque and unique in the whole graph.", resolve: abstractId }),
  }),
});

function abstractId(): never {
  throw new TypeError("Each type that implements Node resolves its own id.");
}
