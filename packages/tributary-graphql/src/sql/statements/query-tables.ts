import { type OperationNode, RawNode, TableNode } from "kysely";

/** The tables of a query, and whether it writes. */
export interface QueryTables {
  /** The tables of the query and its subqueries; undefined if raw SQL may name others. */
  readonly named: ReadonlySet<string> | undefined;
  readonly isWrite: boolean;
}

const writes: ReadonlySet<string> = new Set<OperationNode["kind"]>([
  "InsertQueryNode",
  "UpdateQueryNode",
  "DeleteQueryNode",
  "MergeQueryNode",
]);

/** A raw query counts as a write unless it is a plain `select`; a built query also if a raw part contains a write. */
export function tablesOf(query: OperationNode): QueryTables {
  const nodes = [...nodesOf(query)];
  const raw = nodes.filter(RawNode.is).map(({ sqlFragments }) => sqlFragments.join(" "));
  const named = new Set(nodes.filter(TableNode.is).map(({ table }) => tableKey(table.identifier.name)));
  if (RawNode.is(query)) {
    const isWrite = !/^\s*select\b/i.test(beginningOf(query));
    return { named: isWrite || raw.some(hasSubquery) ? undefined : named, isWrite };
  }
  const hidesWrite = raw.some(isWriting);
  const isWrite = hidesWrite || nodes.some(({ kind }) => writes.has(kind));
  return { named: hidesWrite || (!isWrite && raw.some(hasSubquery)) ? undefined : named, isWrite };
}

/** The beginning of a raw query, which may be a nested raw node. */
function beginningOf({ sqlFragments: [first = ""], parameters: [inner] }: RawNode): string {
  return first.trim() === "" && inner !== undefined && RawNode.is(inner) ? beginningOf(inner) : first;
}

/** The name of a table without its schema. */
export const tableKey = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

const isWriting = (text: string): boolean =>
  /\b(?:(?:insert|merge|replace)\s+into|delete\s+from|update\s+\S)/i.test(text);

const hasSubquery = (text: string): boolean => /\b(?:select|from|join)\b/i.test(text);

/** The node and its descendants. */
function* nodesOf(value: unknown): Generator<OperationNode> {
  if (typeof value !== "object" || value === null) return;
  if (isNode(value)) yield value;
  for (const part of Object.values(value)) yield* nodesOf(part);
}

const isNode = (value: object): value is OperationNode => "kind" in value && typeof value.kind === "string";
