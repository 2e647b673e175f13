/** The cycles of imports as lists of paths; the last path of a cycle is the first one again. */
export function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, ancestors: readonly string[]): void => {
    const repeated = ancestors.indexOf(path);
    if (repeated !== -1) cycles.push([...ancestors.slice(repeated), path]);
    if (repeated !== -1 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...ancestors, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return cycles;
}
