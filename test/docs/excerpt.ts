/** Times differ from run to run. */
const untold = new Set(["startMs", "durationMs"]);

/**
 * Where an answer that a document shows differs from the real one, as a path; undefined when it does not. A document may
 * leave out properties, and ends a list that it shortens with "…"; what it shows has to be right.
 */
export function differenceFrom(shown: unknown, actual: unknown, path = "the answer"): string | undefined {
  if (Array.isArray(shown)) return differenceInList(shown, actual, path);
  if (typeof shown !== "object" || shown === null) {
    return Object.is(shown, actual)
      ? undefined
      : `${path}: shows ${JSON.stringify(shown)}, is ${JSON.stringify(actual)}`;
  }
  if (typeof actual !== "object" || actual === null) return `${path}: is ${JSON.stringify(actual)}`;
  const real = new Map(Object.entries(actual));
  for (const [name, value] of Object.entries(shown)) {
    const difference = untold.has(name) ? undefined : differenceFrom(value, real.get(name), `${path}.${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function differenceInList(shown: readonly unknown[], actual: unknown, path: string): string | undefined {
  if (!Array.isArray(actual)) return `${path}: is ${JSON.stringify(actual)}`;
  const isShortened = shown.at(-1) === "…";
  const items = isShortened ? shown.slice(0, -1) : shown;
  if (isShortened ? actual.length <= items.length : actual.length !== items.length) {
    return `${path}: shows ${items.length}${isShortened ? " and more" : ""}, has ${actual.length}`;
  }
  for (const [index, item] of items.entries()) {
    const difference = differenceFrom(item, actual[index], `${path}[${index}]`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
