import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * The first issue as text: `expected number, received string at [1].name`. Some libraries quote the received value
 * ("but received \"secret\""). It is replaced by its type, because clients get the text.
 */
export function firstIssue(issues: readonly StandardSchemaV1.Issue[], value: unknown): string {
  const issue = issues[0];
  if (issue === undefined) return invalidValue;
  const keys = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  return `${redacted(issue.message, valueAt(value, keys))} at ${dotPath(keys) || "the root"}`;
}

const invalidValue = "invalid value";

function redacted(message: string, received: unknown): string {
  const type = typeOf(received);
  const text = message
    .replace(/\breceived .*$/is, () => `received ${type}`)
    .replace(/\(was .*$/s, () => `(was ${type})`);
  const isQuoted = typeof received === "string" && received !== "" && text.includes(received);
  return isQuoted ? `${invalidValue}, received ${type}` : text;
}

function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

function dotPath(keys: readonly PropertyKey[]): string {
  let path = "";
  for (const key of keys) {
    const isName = typeof key === "string" && /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key);
    if (isName) path += path === "" ? key : `.${key}`;
    else path += `[${typeof key === "string" ? JSON.stringify(key) : String(key)}]`;
  }
  return path;
}
