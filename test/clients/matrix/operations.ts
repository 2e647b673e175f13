import { type DocumentNode, Kind, parse, print, separateOperations } from "graphql";
import { type Asked, document } from "./cases.ts";
import type { Operation } from "./driver.ts";

const operations: Readonly<Record<string, DocumentNode>> = separateOperations(parse(document));

export function operationOf({ operationName, variables }: Asked): Operation {
  const ast = operations[operationName];
  if (ast === undefined) throw new Error(`No case has an operation ${operationName}.`);
  return { name: operationName, query: print(ast), variables };
}

/** Each operation and each fragment by itself, as Relay's compiler wants them. */
export const definitions: readonly string[] = parse(document).definitions.map((definition) => {
  if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) {
    throw new Error(`Expected operations and fragments, got ${definition.kind}.`);
  }
  return print(definition);
});
