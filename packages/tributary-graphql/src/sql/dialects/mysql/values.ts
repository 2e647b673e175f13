import type { TypeCastField, TypeCastNext } from "mysql2";
import { parseExactJson } from "../exact-json.ts";
import { toInstant, withoutTrailingZeros } from "../times.ts";

/**
 * A `typeCast` function for mysql2. Parses a column value of the text protocol, which `query` uses.
 * @param next the driver's own parser
 */
export function readMysqlValue(field: TypeCastField, next: TypeCastNext): unknown {
  switch (field.type) {
    // The driver's own float parser gets the last bit of some numbers with 17 digits wrong.
    case "FLOAT":
    case "DOUBLE":
      return orNull(field.string(), Number);
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
}

const orNull = <Sent, Value>(sent: Sent | null, read: (sent: Sent) => Value): Value | null =>
  sent === null ? null : read(sent);

/** MariaDB's `json` is a `longtext` with a format flag. It may hold invalid JSON if constraint checks were disabled. */
function jsonOrText(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

/** In PostgreSQL's format: `0101` for a `bit(4)`. */
const bitsOf = (bytes: Buffer, length: number): string =>
  [...bytes]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("")
    .slice(-length);
