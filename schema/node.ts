import { maxNodeIds, type Node, nodeById, nodesByIds } from "../resolvers/node.ts";
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

builder.queryFields((t) => ({
  node: t.field({
    type: NodeType,
    nullable: true,
    description:
      "Whatever has this id; null when it no longer exists. An id that this graph did not give out is an error.",
    args: { id: t.arg.id({ required: true, description: "An `id` of this graph." }) },
    resolve: nodeById,
  }),
  nodes: t.field({
    type: [NodeType],
    nullable: { list: false, items: true },
    description: "Whatever has these ids, in the order of the ids, with null for what does not exist.",
    args: {
      ids: t.arg.idList({ required: true, description: `At most ${maxNodeIds} ids of this graph.` }),
    },
    resolve: nodesByIds,
  }),
}));
