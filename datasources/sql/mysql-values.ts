import type { TypeCastField, TypeCastNext } from "mysql2";
import { parseExactJson } from "./exact-json.ts";
import { toInstant, withoutTrailingZeros } from "./times.ts";

/** The value of a column as the server sends it; `next` reads it as the driver would. */
type Cast = (field: TypeCastField, next: TypeCastNext) => unknown;

/** For `query`, whose rows are texts. A `float` has six digits there, which is all that the server writes. */
export const castText: Cast = (field, next) => {
  // The driver adds the digits of a double up by itself and so gets the last bit of some 17-character ones wrong.
  if (field.type === "DOUBLE" || field.type === "FLOAT") return orNull(field.string(), Number);
  return cast(field, next);
};

/** For `execute`, whose rows are bytes: numbers have all of their bits. */
export const castBinary: Cast = (field, next) =>
  field.type === "FLOAT" ? orNull(next() as number | null, shortestFloat) : cast(field, next);

const cast: Cast = (field, next) => {
  switch (field.type) {
    case "DATE":
      return field.string();
    case "DATETIME":
    case "TIME":
      return orNull(field.string(), withoutTrailingZeros);
    case "TIMESTAMP":
      return orNull(field.string(), toInstant);
    case "BIT":
      return orNull(field.buffer(), (bytes) => bitsOf(bytes, field.length));
    case "JSON":
      return orNull(field.string("utf8"), parseExactJson);
    default:
      return field.extendedFormat === "json" ? orNull(field.string("utf8"), jsonOrText) : next();
  }
};

const orNull = <Sent, Value>(sent: Sent | null, read: (sent: Sent) => Value): Value | null =>
  sent === null ? null : read(sent);

/** MariaDB's `json` is a `longtext` that says what it holds, and holds something else where its checks were off. */
function jsonOrText(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

/** As PostgreSQL writes them: `0101` for a `bit(4)`. */
const bitsOf = (bytes: Buffer, length: number): string =>
  [...bytes]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("")
    .slice(-length);

/** The number with the fewest digits that is this float of 32 bits: 0.1 and not 0.10000000149011612. */
function shortestFloat(value: number): number {
  for (const digits of [6, 7, 8]) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}
