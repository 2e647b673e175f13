import { getOperationAST, parse } from "graphql";
import { exampleQueries as tabs } from "../../../atlas/examples.ts";

export interface ExampleQuery {
  readonly query: string;
  /** The name of the operation, and of its tab. */
  readonly name: string;
  /** Its field of `Query`. */
  readonly field: string;
  readonly variables: unknown;
}

/** The initial tabs of GraphiQL. */
export const exampleQueries: readonly ExampleQuery[] = tabs.map((tab) => {
  const operation = getOperationAST(parse(tab.query));
  const field = operation?.selectionSet.selections[0];
  if (operation?.name === undefined || field?.kind !== "Field") throw new Error(`An example has no name: ${tab.query}`);
  const variables: unknown = "variables" in tab ? JSON.parse(tab.variables) : {};
  return { query: tab.query, name: operation.name.value, field: field.name.value, variables };
});
