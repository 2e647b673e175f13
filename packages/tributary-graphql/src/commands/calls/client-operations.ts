import {
  type DocumentNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  print,
  separateOperations,
  visit,
} from "graphql";
import { CheckError } from "../command-error.ts";
import { type OperationFile, parseOperations } from "../operations.ts";
import { objectPathsOf } from "./list-sizes.ts";

/** One operation of the clients, with the fragments that it uses, wherever they stand. */
export interface ClientOperation {
  readonly name: string;
  /** Relative to the root, `operations/city-page.graphql`. */
  readonly path: string;
  readonly text: string;
  readonly kind: `${OperationDefinitionNode["operation"]}`;
  readonly variables: readonly DeclaredVariable[];
  /** Whether a part of it may follow later, by `@defer` or `@stream`. */
  readonly isIncremental: boolean;
  /** The paths in its answers at which there are objects, `countries.nodes`. */
  readonly objectPaths: ReadonlySet<string>;
}

export interface DeclaredVariable {
  readonly name: string;
  /** As it is written, `[ID!]!`. */
  readonly type: string;
}

/** The operations of these files by name. Throws {@link CheckError} for one without a name, and for two with one. */
export function clientOperations(files: readonly OperationFile[]): ClientOperation[] {
  const all = parseOperations(files);
  refuseDoubles(all);
  return Object.entries(separateOperations(all))
    .flatMap(([name, document]) => {
      const node = getOperationAST(document);
      return node ? describe(name, node, document) : [];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** `separateOperations` keeps the last one of a name. */
function refuseDoubles({ definitions }: DocumentNode): void {
  const pathByName = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.name === undefined) continue;
    const name = definition.name.value;
    const path = definition.loc?.source.name ?? "";
    const other = pathByName.get(name);
    if (other !== undefined) throw new CheckError(`${path}: an operation called ${name} is in ${other} already.`);
    pathByName.set(name, path);
  }
}

function describe(name: string, node: OperationDefinitionNode, document: DocumentNode): ClientOperation {
  const path = node.loc?.source.name ?? "";
  if (name === "") throw new CheckError(`${path}: an operation needs a name, which its calls are recorded under.`);
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
