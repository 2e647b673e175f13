import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from "graphql";

/** A @defer of one object; a @defer within a list has one usage per item. */
export interface DeferUsage {
  readonly label: string | undefined;
  /** The enclosing @defer of the same object; undefined if there is none. */
  readonly parent: DeferUsage | undefined;
  /** The fragment with the directive. */
  readonly selection: FragmentSpreadNode | InlineFragmentNode;
}

export interface FieldDetails {
  readonly node: FieldNode;
  readonly usage: DeferUsage | undefined;
}

export type GroupedFields = ReadonlyMap<string, readonly FieldDetails[]>;

export interface Document {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether @defer and @stream have an effect. */
  readonly isIncremental: boolean;
}

export interface Collected {
  readonly grouped: GroupedFields;
  readonly usages: readonly DeferUsage[];
}

/** The fields of an object of this type by response key, each with its enclosing @defer. */
export function collectFields(
  document: Document,
  type: GraphQLObjectType,
  selections: readonly { readonly set: SelectionSetNode | undefined; readonly usage: DeferUsage | undefined }[],
): Collected {
  const grouped = new Map<string, FieldDetails[]>();
  const usages: DeferUsage[] = [];
  const spreads = new VisitedSpreads();
  const visit = (set: SelectionSetNode, usage: DeferUsage | undefined): void => {
    for (const selection of set.selections) {
      if (!isIncluded(document, selection.directives)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        grouped.set(key, [...(grouped.get(key) ?? []), { node: selection, usage }]);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : document.fragments.get(selection.name.value);
      if (fragment === undefined || !applies(document, type, fragment.typeCondition?.name.value)) continue;
      const defer = activeDirective(document, "defer", selection.directives);
      const inner = defer ? { label: textOf(defer.label), parent: usage, selection } : usage;
      if (selection.kind === Kind.FRAGMENT_SPREAD && !spreads.isNew(selection.name.value, inner)) continue;
      if (inner && inner !== usage) usages.push(inner);
      visit(fragment.selectionSet, inner);
    }
  };
  for (const { set, usage } of selections) if (set) visit(set, usage);
  return { grouped, usages };
}

/** A named fragment is collected once per @defer, and not in a @defer if it is also spread without one. */
class VisitedSpreads {
  readonly #visited = new Map<string, Set<unknown>>();

  isNew(name: string, usage: DeferUsage | undefined): boolean {
    const visited = this.#visited.get(name) ?? new Set();
    this.#visited.set(name, visited);
    if (visited.has(undefined) || visited.has(usage?.selection)) return false;
    visited.add(usage?.selection);
    return true;
  }
}

/** The arguments of @defer or @stream; undefined if it is absent or its `if` is false. */
export function activeDirective(
  { isIncremental, variables }: Document,
  name: "defer" | "stream",
  directives: readonly DirectiveNode[] | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const node = isIncremental ? directives?.find((directive) => directive.name.value === name) : undefined;
  const given = node && argumentsOf(node, variables);
  return given?.if === false ? undefined : given;
}

function argumentsOf({ arguments: given = [] }: DirectiveNode, variables: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    given.map(({ name, value }) => {
      switch (value.kind) {
        case Kind.VARIABLE:
          return [name.value, variables[value.name.value]];
        case Kind.BOOLEAN:
        case Kind.STRING:
          return [name.value, value.value];
        case Kind.INT:
          return [name.value, Number(value.value)];
        default:
          throw new TypeError(`Expected a simple value for ${name.value}, got ${value.kind}.`);
      }
    }),
  );
}

export function isIncluded({ variables }: Document, directives: readonly DirectiveNode[] = []): boolean {
  return directives.every((directive) => {
    if (directive.name.value === "skip") return argumentsOf(directive, variables).if !== true;
    return directive.name.value !== "include" || argumentsOf(directive, variables).if !== false;
  });
}

function applies({ schema }: Document, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
