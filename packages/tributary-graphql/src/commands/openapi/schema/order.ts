import type { References } from "./references.ts";

/** Schemas in an order in which each comes after those that it needs, as far as there is one. */
export interface Order {
  readonly names: readonly string[];
  /** Schemas that would have to be declared before themselves: lists of lists of themselves. */
  readonly endless: ReadonlySet<string>;
  /** Schemas that lead back to themselves in any way. */
  readonly recursive: ReadonlySet<string>;
}

export function orderOf(schemas: ReadonlyMap<string, References>): Order {
  const eagerOf = (name: string): Iterable<string> => schemas.get(name)?.eager ?? [];
  const allOf = (name: string): Iterable<string> => {
    const { eager = [], lazy = [] } = schemas.get(name) ?? {};
    return new Set([...eager, ...lazy]);
  };
  const endless = circular(schemas.keys(), eagerOf);
  const recursive = circular(schemas.keys(), allOf);
  // In a group that goes round by properties, only what has to be there first decides.
  const names = components(schemas.keys(), allOf).flatMap((group) => {
    const members = new Set(group);
    const needed = (name: string) => (endless.has(name) ? [] : [...eagerOf(name)].filter((one) => members.has(one)));
    return components([...group].reverse(), needed).flat();
  });
  return { names, endless, recursive };
}

function circular(names: Iterable<string>, next: (name: string) => Iterable<string>): Set<string> {
  const isCircle = (group: readonly string[]) =>
    group.length > 1 || group.some((name) => [...next(name)].includes(name));
  return new Set(components(names, next).filter(isCircle).flat());
}

/** Groups of names that lead to each other (Tarjan's), each after the groups that it leads to. */
export function components(names: Iterable<string>, next: (name: string) => Iterable<string>): string[][] {
  const groups: string[][] = [];
  const indexes = new Map<string, number>();
  const stack: string[] = [];
  const visit = (name: string): number => {
    const index = indexes.size;
    indexes.set(name, index);
    stack.push(name);
    let low = index;
    for (const other of next(name)) {
      if (!indexes.has(other)) low = Math.min(low, visit(other));
      else if (stack.includes(other)) low = Math.min(low, indexes.get(other) ?? low);
    }
    if (low === index) groups.push(stack.splice(stack.indexOf(name)));
    return low;
  };
  for (const name of names) if (!indexes.has(name)) visit(name);
  return groups;
}
