/** One cycle for every import that closes one, as the paths along it, the first repeated at the end. */
export function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const repeated = trail.indexOf(path);
    if (repeated !== -1) cycles.push([...trail.slice(repeated), path]);
    if (repeated !== -1 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return cycles;
}
