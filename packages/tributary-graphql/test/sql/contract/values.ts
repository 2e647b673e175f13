import fc from "fast-check";
import type { Column, ColumnType } from "./item-table.ts";

/**
 * A value as the model has it: a `bigint` for 64 bits, text for a decimal (`-12.3400`), a time
 * (`2024-02-29 12:00:00.000001`) and a date (`2024-02-29`), so that equal values are `===`.
 */
export type ModelValue = null | number | bigint | string | boolean;

/** A value of the column; NULL now and then where it may be. */
export const valuesOf = ({ type, nullable }: Column): fc.Arbitrary<ModelValue> =>
  nullable ? fc.option(values[type], { freq: 2, nil: null }) : values[type];

const maxBig = 2n ** 63n - 1n;

/** Letters that differ in case, accent or composition only, blanks, what SQL and JSON quote, and both ends of Unicode. */
const units = [
  ..."aAbBzZ09éßſıİ'\"`\\%_?$:;,.{}[]/ \t\n",
  "e\u0301",
  "\u00a0",
  "\ud7ff",
  "\ue000",
  "\ufffd",
  "\uffff",
  "😀",
  "\u{10ffff}",
];

export const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...units), maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", " ", "a", "a ", "A", "constructor", "__proto__", "null", "1", "\\'", "東京"),
  },
);

const microseconds = (micros: bigint): string => {
  const millis = micros / 1000n;
  const time = new Date(Number(millis)).toISOString();
  return `${time.slice(0, 10)} ${time.slice(11, 23)}${String(micros % 1000n).padStart(3, "0")}`;
};

const decimal = (tenThousandths: number): string => {
  const digits = String(Math.abs(tenThousandths)).padStart(5, "0");
  return `${tenThousandths < 0 ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`;
};

const startOf2024 = BigInt(Date.UTC(2024, 0, 1)) * 1000n;
const startOf2100 = BigInt(Date.UTC(2100, 0, 1)) * 1000n;

const values: Record<ColumnType, fc.Arbitrary<ModelValue>> = {
  whole: fc.oneof(
    fc.integer({ min: -2, max: 2 }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.constantFrom(-(2 ** 31), 2 ** 31 - 1),
  ),
  big: fc.oneof(
    fc.bigInt({ min: -2n, max: 2n }),
    fc.bigInt({ min: -maxBig, max: maxBig }),
    fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 2n }),
    fc.bigInt({ min: maxBig - 2n, max: maxBig }),
    fc.constantFrom(-maxBig - 1n),
  ),
  double: fc.oneof(
    fc.constantFrom(
      0,
      0.1,
      0.1 + 0.2,
      0.3,
      1 / 3,
      -1e-7,
      1e21,
      1.7976931348623157e308,
      2.2250738585072014e-308,
      2 ** 53,
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }).map(withoutNegativeZero),
    fc.double({ noNaN: true, min: -1000, max: 1000 }).map(withoutNegativeZero),
  ),
  // At most 15 digits: SQLite keeps a decimal as a double.
  decimal: fc
    .oneof(fc.integer({ min: -30_000, max: 30_000 }), fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }))
    .map(decimal),
  text: texts,
  timestamp: fc
    .oneof(fc.bigInt({ min: startOf2024, max: startOf2024 + 3n }), fc.bigInt({ min: 0n, max: startOf2100 }))
    .map(microseconds),
  date: fc
    .date({ min: new Date("1900-01-01T00:00:00Z"), max: new Date("2100-12-31T00:00:00Z"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  boolean: fc.boolean(),
};

/** Some databases treat a denormal number as zero. */
function withoutNegativeZero(value: number): number {
  return Math.abs(value) < 2.3e-308 ? 0 : value;
}

/** Negative when `a` comes first. Text is compared by code point, which for UTF-8 is by bytes. */
export function compareValues(type: ColumnType, a: ModelValue, b: ModelValue): number {
  if (a === b) return 0;
  if (type === "text") return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  if (type === "decimal") return tenThousandths(a) < tenThousandths(b) ? -1 : 1;
  return a !== null && b !== null && a < b ? -1 : 1;
}

const tenThousandths = (value: ModelValue): bigint => BigInt(String(value).replace(".", ""));
