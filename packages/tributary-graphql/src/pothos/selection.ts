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
 * Declares, in the `extensions` of a field, the properties of the parent object that its resolver uses; only those are read
 * for it. An exposed field needs no declaration. Any other field without one uses all properties.
 *
 * @example sun: t.field({ extensions: uses<City>("latitude", "longitude"), resolve: sunAt })
 */
export const uses = <Parent>(...properties: readonly (keyof Parent & string)[]) => ({ [usesKey]: properties });

const usesKey = "uses";

/** The paths to the items of a connection. */
export const connectionItems = [["nodes"], ["edges", "node"]] as const;

type Path = readonly string[];

/**
 * The properties that the operation selects of the items of this field; undefined for all properties. Fields with `@skip`
 * or `@include` count as selected, so that the result is valid for all variables.
 *
 * @param typeName the GraphQL object type of the items
 * @param paths the paths from the field's value to the items; default `[[]]`, the value itself
 * @throws TypeError when `typeName` is not an object type
 * @example sources.cities.byId(id, selectedProperties<City>(info, "City"))
 */
export function selectedProperties<Item>(
  info: Pick<GraphQLResolveInfo, "schema" | "fieldNodes" | "fragments">,
  typeName: string,
  paths: readonly Path[] = [[]],
): readonly (keyof Item & string)[] | undefined {
  const [only, ...others] = info.fieldNodes;
  if (only === undefined || others.length > 0) return collect<Item>(info, typeName, paths);
  const byTypeAndPaths = memoized.get(only) ?? new Map<string, readonly string[] | undefined>();
  memoized.set(only, byTypeAndPaths);
  const key = `${typeName}:${paths.join("|")}`;
  if (!byTypeAndPaths.has(key)) byTypeAndPaths.set(key, collect<Item>(info, typeName, paths));
  return byTypeAndPaths.get(key) as readonly (keyof Item & string)[] | undefined;
}

/** A field node of a cached document always has the same result, for each parent of a list and for each request. */
const memoized = new WeakMap<FieldNode, Map<string, readonly string[] | undefined>>();

function collect<Item>(
  info: Pick<GraphQLResolveInfo, "schema" | "fieldNodes" | "fragments">,
  typeName: string,
  paths: readonly Path[],
): readonly (keyof Item & string)[] | undefined {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) throw new TypeError(`Expected an object type of the schema, got ${typeName}.`);
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
    if (next === undefined && !canApply(search, fragment.typeCondition?.name.value)) continue;
    addFieldNames(search, fragment.selectionSet, path);
  }
}

function canApply({ info, type }: Search, condition: string | undefined): boolean {
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
