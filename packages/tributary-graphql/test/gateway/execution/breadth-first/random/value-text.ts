import { isBare } from "../support/bare.ts";

/** Names a value that has an identity: an object of the app, an error that was thrown. */
export type NameOf = (value: unknown) => string | undefined;

/** A value as text, for comparison: different values have different texts. */
export function valueText(value: unknown, nameOf: NameOf = () => undefined): string {
  const name = nameOf(value);
  if (name !== undefined) return `#${name}`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) return String(value);
  return objectText(value, nameOf);
}

function objectText(value: object, nameOf: NameOf): string {
  if (value instanceof Error) return `${value.name}(${value.message})`;
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, nameOf)).join(", ")}]`;
  const isOwn = isBare(value);
  // The result of a mutant may contain a whole schema, with cycles.
  if (!isOwn && Object.getPrototypeOf(value) !== Object.prototype) return `a ${value.constructor.name}`;
  const entries = Object.entries(value).map(([key, one]) => `${key}: ${valueText(one, nameOf)}`);
  return `${isOwn ? "~" : ""}{ ${entries.join(", ")} }`;
}
