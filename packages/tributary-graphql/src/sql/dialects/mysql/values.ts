import type { TypeCastField, TypeCastNext } from "mysql2";
import { parseExactJson } from "../exact-json.ts";
import { toInstant, withoutTrailingZeros } from "../times.ts";

/**
 * The value of a column in a row of the text protocol, which is that of `query`: the `typeCast` of a connection of mysql2.
 * @param next reads the value as the driver would
 */
export function mysqlValue(field: TypeCastField, next: TypeCastNext): unknown {
  switch (field.type) {
    // The driver adds the digits of a double up by itself and so gets the last bit of some 17-character ones wrong.
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
