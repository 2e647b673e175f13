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

/** One @defer where it applies to one object; a defer in a list is as many of these as the list has items. */
export interface DeferUsage {
  readonly label: string | undefined;
  /** The one around it in the same place of the answer; undefined for one that is not in another. */
  readonly parent: DeferUsage | undefined;
  /** Where it is written. */
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
  /** Whether @defer and @stream count. */
  readonly isIncremental: boolean;
}

export interface Collected {
  readonly grouped: GroupedFields;
  readonly usages: readonly DeferUsage[];
}

/** The fields of an object of this type by response key, each with the @defer that it stands in. */
export function collectFields(
  document: Document,
  type: GraphQLObjectType,
  selections: readonly { readonly set: SelectionSetNode | undefined; readonly usage: DeferUsage | undefined }[],
): Collected {
  const grouped = new Map<string, FieldDetails[]>();
  const usages: DeferUsage[] = [];
  const spreads = new Spreads();
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

/** A named fragment counts once in a place: not again within the same @defer, nor when it is there without one. */
class Spreads {
  readonly #known = new Map<string, Set<unknown>>();

  isNew(name: string, usage: DeferUsage | undefined): boolean {
    const known = this.#known.get(name) ?? new Set();
    this.#known.set(name, known);
    if (known.has(undefined) || known.has(usage?.selection)) return false;
    known.add(usage?.selection);
    return true;
  }
}

/** The arguments of @defer or @stream where it counts: it is there, and its `if` is not false. */
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
