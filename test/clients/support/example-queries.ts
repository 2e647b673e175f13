import { getOperationAST, parse } from "graphql";
import { exampleQueries as tabs } from "../../../atlas/examples.ts";

export interface ExampleQuery {
  readonly query: string;
  /** The operation's name, which is what its tab is called. */
  readonly name: string;
  /** The field of `Query` that it asks for. */
  readonly field: string;
  readonly variables: unknown;
}

/** The examples that GraphiQL opens with. */
export const exampleQueries: readonly ExampleQuery[] = tabs.map((tab) => {
  const operation = getOperationAST(parse(tab.query));
  const field = operation?.selectionSet.selections[0];
  if (operation?.name === undefined || field?.kind !== "Field") throw new Error(`An example has no name: ${tab.query}`);
  const variables: unknown = "variables" in tab ? JSON.parse(tab.variables) : {};
  return { query: tab.query, name: operation.name.value, field: field.name.value, variables };
});
