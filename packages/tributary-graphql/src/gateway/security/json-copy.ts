/**
 * The members of an object as JSON has them, so that writing them later cannot fail or give something else. Large
 * integers (`bigint`) become texts; a member that cannot be written at all (a circle, a `toJSON` that throws) says so.
 */
export function jsonCopy(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    const written = jsonValue(value);
    if (written !== undefined) copy[name] = written;
  }
  return copy;
}

function jsonValue(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  try {
    const text = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return "[cannot be written as JSON]";
  }
}
