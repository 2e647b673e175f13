/** Not compared, because times differ between executions. */
const ignored = new Set(["startMs", "durationMs"]);

/**
 * The first difference between a result in a document and the actual result, with its path; undefined if there is none.
 * The document may omit properties, and "…" at the end of a list stands for further items.
 */
export function differenceFrom(shown: unknown, actual: unknown, path = "the result"): string | undefined {
  if (Array.isArray(shown)) return differenceInList(shown, actual, path);
  if (typeof shown !== "object" || shown === null) {
    return Object.is(shown, actual)
      ? undefined
      : `${path}: shows ${JSON.stringify(shown)}, is ${JSON.stringify(actual)}`;
  }
  if (typeof actual !== "object" || actual === null) return `${path}: is ${JSON.stringify(actual)}`;
  const real = new Map(Object.entries(actual));
  for (const [name, value] of Object.entries(shown)) {
    const difference = ignored.has(name) ? undefined : differenceFrom(value, real.get(name), `${path}.${name}`);
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
