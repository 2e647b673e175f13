import { type DocumentNode, getOperationAST, Kind, type SelectionSetNode } from "graphql";

/** The number of objects at each response path of a list, without indices: `countries.nodes.cities.nodes`. */
export type ListSizes = ReadonlyMap<string, number>;

/** The response paths of an operation at which there are objects: fields with a selection set. */
export function objectPathsOf(document: DocumentNode): ReadonlySet<string> {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const paths = new Set<string>();
  const walk = (selectionSet: SelectionSetNode | undefined, path: readonly string[]): void => {
    for (const node of selectionSet?.selections ?? []) {
      if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet, path);
      else if (node.kind === Kind.FRAGMENT_SPREAD) walk(fragments.get(node.name.value), path);
      else if (node.selectionSet) {
        const inner = [...path, (node.alias ?? node.name).value];
        paths.add(inner.join("."));
        walk(node.selectionSet, inner);
      }
    }
  };
  walk(getOperationAST(document)?.selectionSet, []);
  return paths;
}

/** Counts the objects in the lists of a result; lists at the same path are added up. Ignores lists of scalars. */
export function listSizesOf(data: unknown, objectPaths: ReadonlySet<string>): ListSizes {
  const sizes = new Map<string, number>();
  const count = (value: unknown, path: readonly string[]): void => {
    if (Array.isArray(value)) {
      const key = path.join(".");
      if (objectPaths.has(key)) sizes.set(key, (sizes.get(key) ?? 0) + value.filter((item) => item !== null).length);
      for (const item of value) count(item, path);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) count(inner, [...path, name]);
    }
  };
  count(data, []);
  return sizes;
}

/** The number of objects in the innermost list around `path`. Undefined outside of lists. */
export function itemsAround(sizes: ListSizes, path: readonly string[]): number | undefined {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const size = sizes.get(path.slice(0, length).join("."));
    if (size !== undefined) return size;
  }
  return undefined;
}
