import { print as printOfUrql } from "@0no-co/graphql.web";
import { type DocumentNode, Kind, print, type SelectionNode, type SelectionSetNode, visit } from "graphql";

/**
 * The texts that clients send for a document, each once:
 *
 * - as graphql-js prints it (graphql-request, graphql-ws), and with `__typename` (Apollo Client)
 * - as urql prints it, and with `__typename` (its caches)
 */
export function clientTexts(document: DocumentNode): string[] {
  const texts = [
    print(document),
    print(withTypename(document, hasMetaField)),
    urqlText(document),
    urqlText(withTypename(document, hasTypename)),
  ];
  return [...new Set(texts)];
}

/** With `__typename` as the last selection of every selection set but the operation's own. */
function withTypename(document: DocumentNode, isComplete: (selection: SelectionNode) => boolean): DocumentNode {
  return visit(document, {
    [Kind.SELECTION_SET]: {
      enter(node, _key, parent): SelectionSetNode | undefined {
        const isOfOperation = parent && "kind" in parent && parent.kind === Kind.OPERATION_DEFINITION;
        if (isOfOperation || node.selections.some(isComplete)) return undefined;
        return { ...node, selections: [...node.selections, typename] };
      },
    },
  });
}

const typename: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };

/** Apollo Client adds none beside any field of introspection, even if it has an alias. */
const hasMetaField = (selection: SelectionNode): boolean =>
  selection.kind === Kind.FIELD && selection.name.value.startsWith("__");

/** urql adds none beside one without an alias. */
const hasTypename = (selection: SelectionNode): boolean =>
  selection.kind === Kind.FIELD && selection.name.value === "__typename" && selection.alias === undefined;

/** As urql finds them: everything between the first and the last block string counts as one. */
const strings = /("""[\s\S]*"""|"(?:\\.|[^"])*")/;

/** urql removes empty lines from what its parser's package prints, and begins a line before each string. */
const urqlText = (document: DocumentNode): string =>
  printOfUrql(document as Parameters<typeof printOfUrql>[0])
    .split(strings)
    .map((part, index) => (index % 2 === 0 ? part.replace(/\n+|$/g, "\n") : part))
    .join("")
    .trim();
