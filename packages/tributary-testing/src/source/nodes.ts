/** A node of a syntax tree, of any kind. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Whether a property of a node is itself a node. */
export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** The nodes directly below a node, in source order. */
export const childrenOf = (node: SyntaxNode): SyntaxNode[] => Object.values(node).flat().filter(isNode);

/** A node and its descendants. It skips the descendants of a node, not the node, for which `isOpen` returns false. */
export function nodesOf(root: unknown, isOpen: (node: SyntaxNode) => boolean = () => true): SyntaxNode[] {
  if (!isNode(root)) return [];
  return [root, ...(isOpen(root) ? childrenOf(root).flatMap((child) => nodesOf(child, isOpen)) : [])];
}

/** The string at a path of keys, `stringAt(node, "callee", "name")`. Undefined if there is none. */
export function stringAt(node: unknown, ...keys: string[]): string | undefined {
  const end = keys.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), node);
  return typeof end === "string" ? end : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
