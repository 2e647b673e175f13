import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";

/**
 * For the `extensions` of a field: the properties of its object that its resolver uses, and so all that has to be read
 * for it. An exposed field needs no such note. A field without one is taken to use every property.
 *
 * @example sun: t.field({ extensions: uses<City>("latitude", "longitude"), resolve: sunAt })
 */
export const uses = <Parent>(...properties: readonly (keyof Parent & string)[]) => ({ [usesKey]: properties });

const usesKey = "uses";

/** Where the items of a connection are selected. */
export const connectionItems = [["nodes"], ["edges", "node"]] as const;

type Path = readonly string[];

/**
 * The properties that the operation needs of the items of this field, by the type that they have in the graph:
 * undefined for all. What @skip and @include leave out counts as selected, so that the answer holds for any variables.
 *
 * @param paths where the items are, from the field's own value: `[[]]` is the value itself
 * @example sources.cities.byId(id, selectedProperties<City>(info, "City"))
 */
export function selectedProperties<Item>(
  info: Pick<GraphQLResolveInfo, "schema" | "fieldNodes" | "fragments">,
  typeName: string,
  paths: readonly Path[] = [[]],
): readonly (keyof Item & string)[] | undefined {
  const [only, ...others] = info.fieldNodes;
  if (only === undefined || others.length > 0) return collect<Item>(info, typeName, paths);
  const known = remembered.get(only) ?? new Map<string, readonly string[] | undefined>();
  remembered.set(only, known);
  const asked = `${typeName}:${paths.join("|")}`;
  if (!known.has(asked)) known.set(asked, collect<Item>(info, typeName, paths));
  return known.get(asked) as readonly (keyof Item & string)[] | undefined;
}

/** A field of a cached document selects the same every time, for each of a list's parents too. */
const remembered = new WeakMap<FieldNode, Map<string, readonly string[] | undefined>>();

function collect<Item>(
  info: Pick<GraphQLResolveInfo, "schema" | "fieldNodes" | "fragments">,
  typeName: string,
  paths: readonly Path[],
): readonly (keyof Item & string)[] | undefined {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) throw new TypeError(`Expected an object type of the graph, got ${typeName}.`);
  const names = new Set<string>();
  for (const path of paths) {
    for (const { selectionSet } of info.fieldNodes) {
      if (selectionSet) addFieldNames({ info, type, names }, selectionSet, path);
    }
  }
  const properties = new Set<string>();
  for (const name of names) {
    const used = propertiesOf(type, name);
    if (used === undefined) return undefined;
    for (const property of used) properties.add(property);
  }
  return [...properties].sort() as (keyof Item & string)[];
}

interface Search {
  readonly info: Pick<GraphQLResolveInfo, "schema" | "fragments">;
  readonly type: GraphQLObjectType;
  readonly names: Set<string>;
}

function addFieldNames(search: Search, { selections }: SelectionSetNode, path: Path): void {
  const [next, ...rest] = path;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (next === undefined) search.names.add(selection.name.value);
      else if (selection.name.value === next && selection.selectionSet)
        addFieldNames(search, selection.selectionSet, rest);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : search.info.fragments[selection.name.value];
    if (fragment === undefined) continue;
    if (next === undefined && !canBe(search, fragment.typeCondition?.name.value)) continue;
    addFieldNames(search, fragment.selectionSet, path);
  }
}

function canBe({ info, type }: Search, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = info.schema.getType(condition);
  return isAbstractType(named) && info.schema.isSubType(named, type);
}

function propertiesOf(type: GraphQLObjectType, fieldName: string): readonly string[] | undefined {
  if (fieldName === "__typename") return [];
  const extensions = type.getFields()[fieldName]?.extensions;
  const declared = extensions?.[usesKey];
  if (Array.isArray(declared)) return declared;
  const exposed = extensions?.pothosExposedField;
  return typeof exposed === "string" ? [exposed] : undefined;
}
