import { z } from "zod";
import { appPaths } from "../app-paths.ts";
import { CommandError } from "../command-error.ts";
import { parseJsonFile, readText } from "../json-file.ts";
import type { ClientOperation } from "./client-operations.ts";

const values = z.record(z.string(), z.json());
const trigger = z.strictObject({ query: z.string(), variables: values.optional() });
const fixture = z.strictObject({ small: values, large: values, trigger: trigger.optional() });
const variablesFile = z.record(z.string(), fixture);

export type Values = z.infer<typeof values>;
type Value = Values[string];

/** The variables of one operation for a short list, and for a longer one. */
export interface Sizes {
  readonly small: Values;
  readonly large: Values;
  /** Sent when a subscription has started, to cause an event. Not needed if events occur by themselves. */
  readonly trigger?: Trigger | undefined;
}

/** An operation, usually a mutation, whose own calls are not counted. */
export interface Trigger {
  readonly query: string;
  readonly variables?: Values | undefined;
}

/** The variables by name of the operation; empty without a file. @throws CommandError for invalid content */
export async function readVariables(root: string): Promise<ReadonlyMap<string, Sizes>> {
  const text = await readText(root, appPaths().variables);
  return new Map(Object.entries(text === undefined ? {} : parseJsonFile(appPaths().variables, text, variablesFile)));
}

/** Why an operation cannot be executed. */
export interface VariablesFault {
  readonly sentence: string;
  readonly details: readonly string[];
}

/** The fault in the variables of an operation. Undefined if there is none. */
export function variablesFault(operation: ClientOperation, sizes: Sizes | undefined): VariablesFault | undefined {
  const declared = operation.variables.map(({ name }) => name);
  if (sizes?.trigger && operation.kind !== "subscription") {
    const sentence = `it has a trigger in ${appPaths().variables}. Remove it: only subscriptions can have one.`;
    return { sentence, details: [] };
  }
  if (!sizes) {
    if (declared.length === 0) return undefined;
    const sentence = `it has no variables. Add them to ${appPaths().variables}, for a short list and for a longer one:`;
    return { sentence, details: skeleton(operation) };
  }
  const unknown = [...Object.keys(sizes.small), ...Object.keys(sizes.large)].find((name) => !declared.includes(name));
  if (unknown === undefined) return undefined;
  const names = declared.length === 0 ? "no variables" : declared.map((name) => `$${name}`).join(", ");
  return {
    sentence: `${appPaths().variables} has $${unknown} for it, but the operation declares ${names}.`,
    details: [],
  };
}

function skeleton({ name, variables }: ClientOperation): string[] {
  const filled = `{ ${variables.map((variable) => `"${variable.name}": <${variable.type}>`).join(", ")} }`;
  return [`"${name}": {`, `  "small": ${filled},`, `  "large": ${filled}`, "}"];
}

/** Executes a query on the app. Fulfils with its data, rejects if it has errors. */
export type Ask = (query: string) => Promise<unknown>;

/**
 * Replaces each `{ "$query": "{ country(code: \"NO\") { capital { id } } }" }` in the variables by the result of the query,
 * because ids and cursors are opaque. The query selects one field per level; the value of the innermost field is the
 * result, as a list if there is a list on the path.
 */
export async function resolveValues(given: Values, ask: Ask): Promise<Values> {
  const entries = Object.entries(given).map(async ([name, value]) => [name, await resolveValue(value, ask)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function resolveValue(value: Value, ask: Ask): Promise<Value> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveValue(item, ask)));
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.$query === "string") return onlyValueIn(await ask(value.$query), value.$query);
  return resolveValues(value, ask);
}

function onlyValueIn(found: unknown, query: string): Value {
  if (Array.isArray(found)) return found.map((item) => onlyValueIn(item, query));
  if (typeof found === "string" || typeof found === "number" || typeof found === "boolean") return found;
  const inner = typeof found === "object" && found !== null ? Object.values(found) : [];
  if (inner.length === 1) return onlyValueIn(inner[0], query);
  const actual = found === null ? "null" : `an object with ${inner.length} fields`;
  throw new CommandError(
    `${appPaths().variables}: $query ${query} has to select one field per level and find a value, got ${actual}.`,
  );
}
