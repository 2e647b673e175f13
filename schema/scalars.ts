import { Kind } from "graphql";
import { builder } from "./builder.ts";

builder.scalarType("Date", {
  description: "A calendar date, `2026-06-21` (ISO 8601).",
  specifiedByURL: "https://scalars.graphql.org/andimarek/local-date",
  serialize: (value) => parseDate(value),
  parseValue: (value) => parseDate(value),
  parseLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
});

builder.scalarType("DateTime", {
  description: "An instant in UTC, `2026-06-21T02:43:08.000Z` (RFC 3339).",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time",
  serialize: (value) => value.toISOString(),
  parseValue: (value) => parseDateTime(value),
});

/** The text itself: a date has no time zone, and a `Date` would give it one. graphql adds the place to what is thrown. */
function parseDate(value: unknown): string {
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const date = new Date(`${value}T00:00:00Z`);
    // A day that a month does not have rolls over into the next one.
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)) return value;
  }
  throw new TypeError(`Expected a date such as "2026-06-21", got ${JSON.stringify(value)}.`);
}

function parseDateTime(value: unknown): Date {
  const date = typeof value === "string" ? new Date(value) : new Date(Number.NaN);
  if (
    typeof value !== "string" ||
    !/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) ||
    Number.isNaN(date.getTime())
  ) {
    throw new TypeError(`Expected an instant such as "2026-06-21T02:43:08Z", got ${JSON.stringify(value)}.`);
  }
  return date;
}
