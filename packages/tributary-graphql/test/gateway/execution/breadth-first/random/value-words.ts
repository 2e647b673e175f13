import { isBare } from "../support/bare.ts";

/** Names a value that words cannot tell from another: an object of the world, an error that was thrown. */
export type NameOf = (value: unknown) => string | undefined;

/** A value as text, by which two executions are compared: what has another text is another value. */
export function valueWords(value: unknown, nameOf: NameOf = () => undefined): string {
  const name = nameOf(value);
  if (name !== undefined) return `#${name}`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) return String(value);
  return objectWords(value, nameOf);
}

function objectWords(value: object, nameOf: NameOf): string {
  if (value instanceof Error) return `${value.name}(${value.message})`;
  if (Array.isArray(value)) return `[${value.map((item) => valueWords(item, nameOf)).join(", ")}]`;
  const isOwn = isBare(value);
  // What a mistake lets through may be a whole schema, with its cycles.
  if (!isOwn && Object.getPrototypeOf(value) !== Object.prototype) return `a ${value.constructor.name}`;
  const entries = Object.entries(value).map(([key, one]) => `${key}: ${valueWords(one, nameOf)}`);
  return `${isOwn ? "~" : ""}{ ${entries.join(", ")} }`;
}
