import pg from "pg";
import { parseExactJson } from "../exact-json.ts";
import { isoTime, toInstant } from "../times.ts";
import { parseArray } from "./array.ts";
import { isoDuration } from "./interval.ts";

/** Parses the text that the server sends for a value. */
export type ValueParser = (text: string) => unknown;

/** For every type without a counterpart in JavaScript. */
export const asText: ValueParser = (text) => text;

export const arrayOf =
  (element: ValueParser, delimiter = ","): ValueParser =>
  (text) =>
    parseArray(text, delimiter, element);

/** A number if it is a safe integer, otherwise a string of its digits. */
export function parseInt8(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

const { builtins } = pg.types;
const pgParser = (oid: number): ValueParser => pg.types.getTypeParser(oid, "text");

/** Types that the driver parses exactly: numbers, booleans, bytes, points and circles. */
const byDriver: readonly number[] = [
  builtins.BOOL,
  builtins.BYTEA,
  builtins.INT2,
  builtins.INT4,
  builtins.OID,
  builtins.FLOAT4,
  builtins.FLOAT8,
  600,
  718,
];

const parsers: readonly (readonly [number, ValueParser])[] = [
  ...byDriver.map((oid) => [oid, pgParser(oid)] as const),
  [builtins.INT8, parseInt8],
  [builtins.DATE, isoTime],
  [builtins.TIMESTAMP, isoTime],
  [builtins.TIMESTAMPTZ, toInstant],
  [builtins.INTERVAL, isoDuration],
  [builtins.JSON, parseExactJson],
  [builtins.JSONB, parseExactJson],
  [builtins.TEXT, asText],
  [builtins.VARCHAR, asText],
  [builtins.BPCHAR, asText],
  [builtins.NUMERIC, asText],
  [builtins.MONEY, asText],
  [builtins.UUID, asText],
  [builtins.TIME, asText],
  [builtins.TIMETZ, asText],
  [builtins.INET, asText],
  [builtins.CIDR, asText],
  [builtins.MACADDR, asText],
  [builtins.BIT, asText],
  [builtins.VARBIT, asText],
  // Types in the catalog query's own result: `"char"`, `name`.
  [18, asText],
  [19, asText],
  // `unknown`, the type of an untyped literal, and `void`.
  [705, asText],
  [2278, asText],
];

/** The OIDs of the built-in array types, which are the same on every server, with those of their elements. */
const arrayOids: readonly (readonly [element: number, array: number])[] = [
  [builtins.BOOL, 1000],
  [builtins.BYTEA, 1001],
  [builtins.INT2, 1005],
  [builtins.INT4, 1007],
  [builtins.INT8, 1016],
  [builtins.FLOAT4, 1021],
  [builtins.FLOAT8, 1022],
  [builtins.NUMERIC, 1231],
  [builtins.TEXT, 1009],
  [builtins.VARCHAR, 1015],
  [builtins.BPCHAR, 1014],
  [builtins.UUID, 2951],
  [builtins.DATE, 1182],
  [builtins.TIMESTAMP, 1115],
  [builtins.TIMESTAMPTZ, 1185],
  [builtins.INTERVAL, 1187],
  [builtins.JSON, 199],
  [builtins.JSONB, 3807],
];

/** The parsers of the built-in types, by OID. */
export const builtInParsers: ReadonlyMap<number, ValueParser> = new Map([
  ...parsers,
  ...arrayOids.map(([element, array]) => [array, arrayOf(new Map(parsers).get(element) ?? asText)] as const),
]);
