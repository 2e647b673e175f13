import type { References } from "./references.ts";

/** An order of schemas in which each comes after those that it needs, as far as possible. */
export interface Order {
  readonly names: readonly string[];
  /** Schemas that would have to be declared before themselves, such as an array of itself. */
  readonly selfDependent: ReadonlySet<string>;
  /** Schemas that refer to themselves, directly or indirectly. */
  readonly recursive: ReadonlySet<string>;
}

export function orderOf(schemas: ReadonlyMap<string, References>): Order {
  const eagerOf = (name: string): Iterable<string> => schemas.get(name)?.eager ?? [];
  const allOf = (name: string): Iterable<string> => {
    const { eager = [], lazy = [] } = schemas.get(name) ?? {};
    return new Set([...eager, ...lazy]);
  };
  const selfDependent = circular(schemas.keys(), eagerOf);
  const recursive = circular(schemas.keys(), allOf);
  // Within a cycle, only eager references determine the order.
  const names = components(schemas.keys(), allOf).flatMap((group) => {
    const members = new Set(group);
    const needed = (name: string) =>
      selfDependent.has(name) ? [] : [...eagerOf(name)].filter((one) => members.has(one));
    return components([...group].reverse(), needed).flat();
  });
  return { names, selfDependent, recursive };
}

function circular(names: Iterable<string>, next: (name: string) => Iterable<string>): Set<string> {
  const isCycle = (group: readonly string[]) =>
    group.length > 1 || group.some((name) => [...next(name)].includes(name));
  return new Set(components(names, next).filter(isCycle).flat());
}

/** The strongly connected components (Tarjan), each after those that it refers to. */
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
