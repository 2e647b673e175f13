import { z } from "zod";
import { pathsOfApp } from "../app-paths.ts";
import { CheckError } from "../command-error.ts";
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
  /** Sent once a subscription listens, so that an event comes; not needed where the first one comes by itself. */
  readonly trigger?: Trigger | undefined;
}

/** An operation, usually a mutation, whose own calls are not counted. */
export interface Trigger {
  readonly query: string;
  readonly variables?: Values | undefined;
}

/** The content of the file, by operation; empty without a file. Throws {@link CheckError} on invalid content. */
export async function readVariables(root: string): Promise<ReadonlyMap<string, Sizes>> {
  const text = await readText(root, pathsOfApp().variables);
  return new Map(Object.entries(text === undefined ? {} : parseJsonFile(pathsOfApp().variables, text, variablesFile)));
}

/** Why an operation cannot be run, in a sentence that begins with the operation. */
export interface VariablesFault {
  readonly sentence: string;
  readonly details: readonly string[];
}

/** The fault of an operation's variables, if there is one. An operation that declares none needs none. */
export function variablesFault(operation: ClientOperation, sizes: Sizes | undefined): VariablesFault | undefined {
  const declared = operation.variables.map(({ name }) => name);
  if (sizes?.trigger && operation.kind !== "subscription") {
    return { sentence: `${pathsOfApp().variables} gives it a trigger, which only a subscription has.`, details: [] };
  }
  if (!sizes) {
    if (declared.length === 0) return undefined;
    const sentence = `it has no variables to be run with. Add to ${pathsOfApp().variables}, for a short list and a longer one:`;
    return { sentence, details: skeleton(operation) };
  }
  const unknown = [...Object.keys(sizes.small), ...Object.keys(sizes.large)].find((name) => !declared.includes(name));
  if (unknown === undefined) return undefined;
  const takes = declared.length === 0 ? "none" : declared.map((name) => `$${name}`).join(", ");
  return {
    sentence: `${pathsOfApp().variables} gives it $${unknown}, which it does not declare. It declares ${takes}.`,
    details: [],
  };
}

function skeleton({ name, variables }: ClientOperation): string[] {
  const filled = `{ ${variables.map((variable) => `"${variable.name}": <${variable.type}>`).join(", ")} }`;
  return [`"${name}": {`, `  "small": ${filled},`, `  "large": ${filled}`, "}"];
}

/** Asks the graph, and gives the data of an answer without errors. */
export type Ask = (query: string) => Promise<unknown>;

/**
 * The variables, with `{ "$query": "{ country(code: \"NO\") { capital { id } } }" }` replaced by what that query finds:
 * ids and cursors are opaque, and the data decides them. The query asks for one field at each level; what is found at
 * its end is the value, and a list of that where the way leads through a list.
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
  const what = found === null ? "null" : `${inner.length} fields`;
  throw new CheckError(`${pathsOfApp().variables}: ${query} must lead to one value, and found ${what} on its way.`);
}
