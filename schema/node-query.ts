import { maxNodeIds, nodeById, nodesByIds } from "../resolvers/node.ts";
import { builder } from "./builder.ts";
import { NodeType } from "./node.ts";

builder.queryFields((t) => ({
  node: t.field({
    type: NodeType,
    nullable: true,
    description:
      "The object with this global id; null if it no longer exists. An id that this API did not return is an error.",
    args: { id: t.arg.id({ required: true, description: "Global id, from the field `id` of any Node." }) },
    resolve: nodeById,
  }),
  nodes: t.field({
    type: [NodeType],
    nullable: { list: false, items: true },
    description: "The objects with these global ids, in the order of the ids; null for an object that does not exist.",
    args: {
      ids: t.arg.idList({ required: true, description: `At most ${maxNodeIds} global ids.` }),
    },
    listSize: { slicingArguments: ["ids"], maxSize: maxNodeIds },
    resolve: nodesByIds,
  }),
}));
