import type { Node } from "../resolvers/node.ts";
import { builder } from "./builder.ts";

/** The GraphQL type of each `kind`, for interfaces and unions. */
const typeNames = { country: "Country", city: "City", airport: "Airport" } as const satisfies Record<
  Node["kind"],
  string
>;

export const typeNameOf = ({ kind }: Pick<Node, "kind">): (typeof typeNames)[Node["kind"]] => typeNames[kind];

export const NodeType = builder.interfaceRef<Node>("Node").implement({
  description: "An object with a global id (Relay). `Query.node` fetches it by that id.",
  resolveType: typeNameOf,
  fields: (t) => ({
    id: t.id({ description: "Opaque id, unique in the whole graph.", resolve: abstractId }),
  }),
});

function abstractId(): never {
  throw new TypeError("Each type that implements Node resolves its own id.");
}
