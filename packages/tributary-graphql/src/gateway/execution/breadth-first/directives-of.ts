import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/**
 * The directives of an operation, its fragments and all of their selections. graphql-js' `visit` would also visit every name
 * and argument, which for an operation that is executed once would be most of the work.
 */
export function directivesOf(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): readonly DirectiveNode[] {
  const found: DirectiveNode[] = [];
  for (const { directives, selectionSet } of [operation, ...fragments]) {
    if (directives) found.push(...directives);
    addSelected(selectionSet, found);
  }
  return found;
}

function addSelected({ selections }: SelectionSetNode, found: DirectiveNode[]): void {
  for (const selection of selections) {
    if (selection.directives) found.push(...selection.directives);
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) addSelected(selection.selectionSet, found);
  }
}
