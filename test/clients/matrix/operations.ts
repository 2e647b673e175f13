import { type DocumentNode, Kind, parse, print, separateOperations } from "graphql";
import { document, type OperationRequest } from "./cases.ts";
import type { Operation } from "./driver.ts";

const operations: Readonly<Record<string, DocumentNode>> = separateOperations(parse(document));

export function operationOf({ operationName, variables }: OperationRequest): Operation {
  const ast = operations[operationName];
  if (ast === undefined) throw new Error(`The document has no operation ${operationName}.`);
  return { name: operationName, query: print(ast), variables };
}

/** The single operations and fragments, the input of Relay's compiler. */
export const definitions: readonly string[] = parse(document).definitions.map((definition) => {
  if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) {
    throw new Error(`Expected operations and fragments, got ${definition.kind}.`);
  }
  return print(definition);
});
