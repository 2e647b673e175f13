import { GraphQLScalarType, Kind } from "graphql";

/**
 * The custom scalars by name. `codegenScalarType` is the TypeScript type of the scalar's JSON in the generated types of
 * operations.
 */
export const scalars = {
  Date: new GraphQLScalarType<string, string>({
    name: "Date",
    description: "A calendar date without time zone (ISO 8601), such as `2026-06-21`.",
    specifiedByURL: "https://scalars.graphql.org/andimarek/local-date",
    extensions: { codegenScalarType: "string" },
    coerceOutputValue: (value) => parseDate(value),
    coerceInputValue: (value) => parseDate(value),
    coerceInputLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
  }),
  DateTime: new GraphQLScalarType<Date, string>({
    name: "DateTime",
    description: "A date and time in UTC (RFC 3339), such as `2026-06-21T02:43:08.000Z`.",
    specifiedByURL: "https://scalars.graphql.org/andimarek/date-time",
    extensions: { codegenScalarType: "string" },
    coerceOutputValue: (value) => formatInstant(value),
    coerceInputValue: (value) => parseDateTime(value),
  }),
};

/** The input and output types of the custom scalars, for Pothos. */
export type Scalars = {
  [Name in keyof typeof scalars]: Both<Internal<(typeof scalars)[Name]>>;
};

type Both<Value> = { Input: Value; Output: Value };
type Internal<Scalar> = Scalar extends GraphQLScalarType<infer Value, unknown> ? Value : never;

/** A date stays a string: a `Date` would give it a time zone. graphql adds the document location to the error. */
function parseDate(value: unknown): string {
  if (typeof value === "string" && isDate(value)) return value;
  throw new TypeError(`Expected a date such as "2026-06-21", got ${JSON.stringify(value)}.`);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // `Date` rolls a day that the month does not have over into the next month.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Date and time are checked by themselves: `Date` rolls over both. */
function parseDateTime(value: unknown): Date {
  if (typeof value === "string" && instantPattern.test(value) && isDate(value.slice(0, 10))) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw new TypeError(`Expected an instant such as "2026-06-21T02:43:08Z", got ${JSON.stringify(value)}.`);
}

const instantPattern =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** A column type without time zone comes as a string, which is not an instant: the resolver has to add the zone. */
function formatInstant(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  const came = value instanceof Date ? "an invalid Date" : JSON.stringify(value);
  throw new TypeError(`Expected a Date, got ${came}. Convert a string in UTC with new Date(text + "Z").`);
}
