/**
 * Where two answers differ as JSON does: the order of keys does not count, that of lists does. Undefined when they are the
 * same; else one line with the path, what was expected there and what came.
 */
export function differenceBetween(expected: unknown, came: unknown, path = "data"): string | undefined {
  if (isObject(expected) && isObject(came) && Array.isArray(expected) === Array.isArray(came)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(came)]);
    for (const key of keys) {
      const difference = differenceBetween(expected[key], came[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return Object.is(expected, came) ? undefined : `${path}: expected ${excerpt(expected)}, got ${excerpt(came)}`;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
