import { maxNodeIds, nodeById, nodesByIds } from "../resolvers/node.ts";
import { builder } from "./builder.ts";
import { NodeType } from "./node.ts";

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
