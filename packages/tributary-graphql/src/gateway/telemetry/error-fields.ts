import { withoutCredentials } from "../../core/redact-values.ts";
import { asError, clipped, describeValue, isError, readProperty } from "../../core/thrown-values.ts";

const maxMessage = 2_000;
const maxStack = 10_000;
const maxCauses = 5;
const maxErrors = 10;
const maxFields = 20;

/**
 * The fields of a thrown value in a log line: name, message, stack with its causes, and its further properties. Never throws,
 * leaves the value as it is (which may be frozen), and is bounded in size. Drivers name their URL in messages: its password and
 * the values of its query are replaced.
 *
 * @example logger.error({ err: errorFields(error) }, "a request could not be answered");
 */
export function errorFields(thrown: unknown, depth = 0): object {
  const error = isError(thrown) ? thrown : asError(thrown);
  // Without a prototype, so that pino's own serializer takes the name for the type.
  const fields: Record<string, unknown> = Object.assign(Object.create(null), {
    ...ownFields(error),
    name: text(readProperty(error, "name")) ?? "Error",
    message: withoutCredentials(messages(error)),
    stack: withoutCredentials(clipped(stacks(error), maxStack)),
  });
  const errors = readProperty(error, "errors");
  if (depth === 0 && isList(errors))
    fields.aggregateErrors = errors.slice(0, maxErrors).map((each) => errorFields(each, depth + 1));
  return fields;
}

const maxLines = 10;

/**
 * The parts of a thrown value that a developer's client gets: its message, and the first lines of its stack outside of packages,
 * each a function and its file with line and column. Never throws.
 */
export function shownException(thrown: unknown): { readonly message: string; readonly stacktrace: readonly string[] } {
  const error = isError(thrown) ? thrown : asError(thrown);
  const stack = text(readProperty(error, "stack")) ?? "";
  const lines = stack.match(/^\s+at .*$/gm) ?? [];
  const own = lines.filter((line) => !/node:|[\\/]node_modules[\\/]/.test(line));
  const shownLines = (own.length > 0 ? own : lines).slice(0, maxLines);
  return { message: messages(error), stacktrace: shownLines.map((line) => clipped(line.trim(), maxMessage)) };
}

const messages = (error: unknown): string =>
  withCauses(error)
    .map((each) => clipped(text(readProperty(each, "message")) ?? describeValue(each), maxMessage))
    .map((message, index, all) => (index < all.length - 1 ? message.replace(/\.$/, "") : message))
    .join(": ");

const stacks = (error: unknown): string =>
  withCauses(error)
    .map((each) => text(readProperty(each, "stack")) ?? describeValue(each))
    .join("\ncaused by: ");

/** The error and its causes, each once. */
function withCauses(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (
    let each = error;
    each !== undefined && each !== null && !chain.includes(each);
    each = readProperty(each, "cause")
  ) {
    if (chain.push(each) > maxCauses) break;
  }
  return chain;
}

const known: ReadonlySet<string> = new Set([
  ...["name", "message", "stack", "cause", "errors", "type", "raw"],
  // Its line has the parts of it.
  "failedCall",
]);

function ownFields(error: unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of keysOf(error).slice(0, maxFields))
    if (!known.has(key)) fields[key] = shown(readProperty(error, key));
  return fields;
}

function keysOf(value: unknown): string[] {
  try {
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

function shown(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === "number" || typeof value === "boolean") return value;
  return withoutCredentials(typeof value === "string" ? clipped(value, maxMessage) : describeValue(value));
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
