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
  if (typeof value === "string" && isDate(value)) return value;
  throw new TypeError(`Expected a date such as "2026-06-21", got ${JSON.stringify(value)}.`);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // A day that a month does not have rolls over into the next one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Of a day and a time of it that there are, so that nothing rolls over into the next. */
function parseDateTime(value: unknown): Date {
  if (typeof value === "string" && instantPattern.test(value) && isDate(value.slice(0, 10))) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw new TypeError(`Expected an instant such as "2026-06-21T02:43:08Z", got ${JSON.stringify(value)}.`);
}

const instantPattern =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** A column's time without a zone is a text, and no instant: whoever knows its zone has to say it. */
function shownInstant(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  const came = value instanceof Date ? "an invalid Date" : JSON.stringify(value);
  throw new TypeError(`Expected a Date, got ${came}. Of a text in UTC, new Date(text + "Z") makes one.`);
}
