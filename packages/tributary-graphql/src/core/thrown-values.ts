import { inspect, types } from "node:util";

/**
 * A resolver may throw any value: a frozen error, a proxy, an error with getters that throw. The functions of this file
 * accept any value and never throw.
 */

/** Reads a property; undefined if it does not exist or its getter throws. */
export function readProperty(value: unknown, name: string): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** Whether this is an error, also of another realm. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false;
  }
}

/** Formats a value for a message, with at most about 1,000 characters. Runs no code of the value. */
export function describeValue(value: unknown): string {
  try {
    return clipped(
      inspect(value, { depth: 1, customInspect: false, maxArrayLength: 10, maxStringLength: 500, breakLength: 200 }),
      1_000,
    );
  } catch {
    return `a value of type ${typeof value} that cannot be shown`;
  }
}

/** Truncates a text to this length and appends the number of omitted characters. */
export function clipped(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Does not split a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text[maxLength - 1] ?? "") ? maxLength - 1 : maxLength;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}

const standIns = new WeakMap<object, Error>();

/** Returns the thrown value if it is an error whose usual properties can be read; otherwise an error that describes it. */
export function asError(thrown: unknown): Error {
  if (isError(thrown) && thrown instanceof Error && isReadable(thrown)) return thrown;
  const isKey = (typeof thrown === "object" && thrown !== null) || typeof thrown === "function";
  const memoized = isKey ? standIns.get(thrown) : undefined;
  if (memoized) return memoized;
  const message = readProperty(thrown, "message");
  const standIn = new Error(
    isError(thrown) && typeof message === "string" ? message : `Unexpected error value: ${describeValue(thrown)}`,
  );
  // An error of another realm may have a code, too.
  if (isError(thrown))
    Object.assign(standIn, { code: readProperty(thrown, "code"), source: readProperty(thrown, "source") });
  // Memoized, so that an error that fails a hundred fields is logged once.
  if (isKey) standIns.set(thrown, standIn);
  return standIn;
}

/** Whether the properties of an error that graphql reads can be read. */
function isReadable(error: Error): boolean {
  try {
    for (const name of ["message", "stack", "path", "nodes", "source", "positions", "extensions", "cause"])
      Reflect.get(error, name);
    return typeof error.message === "string";
  } catch {
    return false;
  }
}
