import {
  type DocumentNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  print,
  separateOperations,
  visit,
} from "graphql";
import { CommandError } from "../command-error.ts";
import { type OperationFile, parseOperations } from "../operations.ts";
import { objectPathsOf } from "./list-sizes.ts";

/** A client operation with the fragments that it uses, of all files. */
export interface ClientOperation {
  readonly name: string;
  /** Relative to the root, `operations/city-page.graphql`. */
  readonly path: string;
  readonly text: string;
  readonly kind: `${OperationDefinitionNode["operation"]}`;
  readonly variables: readonly DeclaredVariable[];
  /** Whether it has `@defer` or `@stream`. */
  readonly isIncremental: boolean;
  /** The response paths of objects, `countries.nodes`. */
  readonly objectPaths: ReadonlySet<string>;
}

export interface DeclaredVariable {
  readonly name: string;
  /** In GraphQL notation, `[ID!]!`. */
  readonly type: string;
}

/**
 * The operations of these files, sorted by name.
 * @throws CommandError for an operation without a name, and for two operations with the same name
 */
export function clientOperations(files: readonly OperationFile[]): ClientOperation[] {
  const all = parseOperations(files);
  assertUniqueNames(all);
  return Object.entries(separateOperations(all))
    .flatMap(([name, document]) => {
      const node = getOperationAST(document);
      return node ? describe(name, node, document) : [];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** `separateOperations` would silently keep the last operation of a name. */
function assertUniqueNames({ definitions }: DocumentNode): void {
  const pathByName = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.name === undefined) continue;
    const name = definition.name.value;
    const path = definition.loc?.source.name ?? "";
    const other = pathByName.get(name);
    if (other !== undefined)
      throw new CommandError(`${path}: ${other} has an operation ${name} as well. Rename one of them.`);
    pathByName.set(name, path);
  }
}

function describe(name: string, node: OperationDefinitionNode, document: DocumentNode): ClientOperation {
  const path = node.loc?.source.name ?? "";
  if (name === "") throw new CommandError(`${path}: an operation has no name. Add one: calls are recorded by name.`);
  return {
    name,
    path,
    text: print(document),
    kind: node.operation,
    variables: (node.variableDefinitions ?? []).map(({ variable, type }) => ({
      name: variable.name.value,
      type: print(type),
    })),
    isIncremental: hasIncremental(document),
    objectPaths: objectPathsOf(document),
  };
}

function hasIncremental(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.DIRECTIVE]: ({ name }) => {
      found ||= name.value === "defer" || name.value === "stream";
    },
  });
  return found;
}
