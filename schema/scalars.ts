import { GraphQLScalarType, Kind } from "graphql";

/**
 * Every scalar beside GraphQL's own, by its name. What a resolver gives and gets is `TInternal`; `codegenScalarType` is the
 * TypeScript type of its JSON in the operations of clients.
 */
export const scalars = {
  Date: new GraphQLScalarType<string, string>({
    name: "Date",
    description: "A calendar date, `2026-06-21` (ISO 8601).",
    specifiedByURL: "https://scalars.graphql.org/andimarek/local-date",
    extensions: { codegenScalarType: "string" },
    coerceOutputValue: (value) => parseDate(value),
    coerceInputValue: (value) => parseDate(value),
    coerceInputLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
  }),
  DateTime: new GraphQLScalarType<Date, string>({
    name: "DateTime",
    description: "An instant in UTC, `2026-06-21T02:43:08.000Z` (RFC 3339).",
    specifiedByURL: "https://scalars.graphql.org/andimarek/date-time",
    extensions: { codegenScalarType: "string" },
    coerceOutputValue: (value) => shownInstant(value),
    coerceInputValue: (value) => parseDateTime(value),
  }),
};

/** The same as Pothos knows them. */
export type Scalars = {
  [Name in keyof typeof scalars]: Both<Internal<(typeof scalars)[Name]>>;
};

type Both<Value> = { Input: Value; Output: Value };
type Internal<Scalar> = Scalar extends GraphQLScalarType<infer Value, unknown> ? Value : never;

/** The text itself: a date has no time zone, and a `Date` would give it one. graphql adds the position to what is thrown. */
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

function shownInstant(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  throw new TypeError(`Expected a Date, got ${typeof value}.`);
}
