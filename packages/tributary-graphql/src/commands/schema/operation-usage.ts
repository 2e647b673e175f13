import {
  type ASTNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { type OperationFile, parseOperations } from "../operations.ts";

/** The parts of the schema that a client operation uses. */
export interface OperationUsage {
  readonly operation: string;
  readonly path: string;
  /** Schema coordinates: `City`, `City.sun`, `City.sun.date`, `CityOrder.NAME_ASC`, `CityFilter.populationMin`. */
  readonly coordinates: ReadonlySet<string>;
}

/** The parts of the schema that each operation and its fragments use. The operations must be valid against `schema`. */
export function operationUsages(schema: GraphQLSchema, files: readonly OperationFile[]): OperationUsage[] {
  const { definitions } = parseOperations(files);
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  return operations.map((operation) => ({
    operation: operation.name?.value ?? "an operation without a name",
    path: operation.loc?.source.name ?? "",
    coordinates: coordinatesOf(schema, operation, fragments),
  }));
}

function coordinatesOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, ASTNode>,
): Set<string> {
  const found = new Set<string>();
  const open: ASTNode[] = [operation];
  const seen = new Set<string>();
  for (let node = open.pop(); node; node = open.pop()) {
    for (const name of collect(schema, node, found)) {
      const fragment = fragments.get(name);
      if (fragment && !seen.has(name)) open.push(fragment);
      seen.add(name);
    }
  }
  return found;
}

/** Adds the coordinates that `root` uses to `found`. Returns the names of the fragments that it spreads. */
function collect(schema: GraphQLSchema, root: ASTNode, found: Set<string>): string[] {
  const info = new TypeInfo(schema);
  const spread: string[] = [];
  const visitor = visitWithTypeInfo(info, {
    Field: (node) => {
      for (const owner of ownersOf(schema, info.getParentType())) found.add(`${owner}.${node.name.value}`);
      addType(info.getType(), found);
    },
    Argument: (node) => {
      const field = info.getFieldDef()?.name;
      for (const owner of ownersOf(schema, info.getParentType())) found.add(`${owner}.${field}.${node.name.value}`);
      addType(info.getInputType(), found);
    },
    VariableDefinition: (node) => addType(typeFromAST(schema, node.type), found),
    InlineFragment: () => addType(info.getType(), found),
    FragmentDefinition: () => addType(info.getType(), found),
    FragmentSpread: (node) => {
      spread.push(node.name.value);
    },
  });
  visit(root, visitor);
  return spread;
}

/** The names of a type and its implementations: a field of an interface is a field of each of them. */
function ownersOf(schema: GraphQLSchema, parent: GraphQLNamedType | null | undefined): string[] {
  if (!parent) return [];
  return isAbstractType(parent)
    ? [parent.name, ...schema.getPossibleTypes(parent).map(({ name }) => name)]
    : [parent.name];
}

/** Adds a type, and its enum values and input fields, which a client may use without naming them in the operation. */
function addType(type: Parameters<typeof getNamedType>[0], found: Set<string>): void {
  const named: GraphQLNamedType | undefined = getNamedType(type);
  if (!named || found.has(named.name)) return;
  found.add(named.name);
  if (isEnumType(named)) for (const { name } of named.getValues()) found.add(`${named.name}.${name}`);
  if (!isInputObjectType(named)) return;
  for (const field of Object.values(named.getFields())) {
    found.add(`${named.name}.${field.name}`);
    addType(field.type, found);
  }
}
