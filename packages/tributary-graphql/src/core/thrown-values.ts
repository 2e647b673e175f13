import { inspect, types } from "node:util";

/**
 * A resolver may throw anything: a frozen error, a proxy, an error whose properties throw when they are read. These
 * functions never throw, whatever they are given.
 */

/** The property's value; undefined where there is none and where reading it throws. */
export function readProperty(value: unknown, name: string): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** Whether this is an error, of whichever realm. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false;
  }
}

/** The value as a text for people, of at most some hundred characters. Runs no code of the value's own. */
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

/** A text of at most this length and a note of how much was left out. */
export function clipped(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Not between the two halves of a character.
  const end = /[\uD800-\uDBFF]/.test(text[maxLength - 1] ?? "") ? maxLength - 1 : maxLength;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}

const standIns = new WeakMap<object, Error>();

/** The thrown value, if it is an error whose usual properties can be read; otherwise an error that describes it. */
export function asError(thrown: unknown): Error {
  if (isError(thrown) && thrown instanceof Error && isReadable(thrown)) return thrown;
  const isKey = (typeof thrown === "object" && thrown !== null) || typeof thrown === "function";
  const known = isKey ? standIns.get(thrown) : undefined;
  if (known) return known;
  const message = readProperty(thrown, "message");
  const standIn = new Error(
    isError(thrown) && typeof message === "string" ? message : `Unexpected error value: ${describeValue(thrown)}`,
  );
  // An error of another realm may have a code as any other.
  if (isError(thrown))
    Object.assign(standIn, { code: readProperty(thrown, "code"), source: readProperty(thrown, "source") });
  // The same for the same value, so that one error that fails a hundred fields is logged once.
  if (isKey) standIns.set(thrown, standIn);
  return standIn;
}

/** Whether what graphql reads of an error can be read. */
function isReadable(error: Error): boolean {
  try {
    for (const name of ["message", "stack", "path", "nodes", "source", "positions", "extensions", "cause"])
      Reflect.get(error, name);
    return typeof error.message === "string";
  } catch {
    return false;
  }
}
