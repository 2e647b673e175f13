import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * The first thing wrong with a value, as `expected number, received string at [1].name`. Libraries quote what they
 * received ("but received \"secret\""); here stands its kind only, because the text goes to clients.
 */
export function firstIssue(issues: readonly StandardSchemaV1.Issue[], value: unknown): string {
  const issue = issues[0];
  if (issue === undefined) return "not as declared";
  const keys = (issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  return `${withoutValue(issue.message, valueAt(value, keys))} at ${dotPath(keys) || "its top"}`;
}

function withoutValue(message: string, received: unknown): string {
  const kind = kindOf(received);
  const text = message
    .replace(/\breceived .*$/is, () => `received ${kind}`)
    .replace(/\(was .*$/s, () => `(was ${kind})`);
  const isQuoted = typeof received === "string" && received !== "" && text.includes(received);
  return isQuoted ? `not as declared, received ${kind}` : text;
}

function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

const kindOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

function dotPath(keys: readonly PropertyKey[]): string {
  let path = "";
  for (const key of keys) {
    const isName = typeof key === "string" && /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key);
    if (isName) path += path === "" ? key : `.${key}`;
    else path += `[${typeof key === "string" ? JSON.stringify(key) : String(key)}]`;
  }
  return path;
}
