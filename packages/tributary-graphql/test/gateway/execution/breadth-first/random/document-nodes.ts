import { type ASTNode, type DocumentNode, visit } from "graphql";

const known = new WeakMap<DocumentNode, ReadonlyMap<ASTNode, number>>();

/** Every node of a document with its number, by which nodes are told apart; the same map for the same document. */
export function documentNodes(document: DocumentNode): ReadonlyMap<ASTNode, number> {
  const before = known.get(document);
  if (before) return before;
  const nodes = new Map<ASTNode, number>();
  visit(document, { enter: (node) => void nodes.set(node, nodes.size) });
  known.set(document, nodes);
  return nodes;
}
