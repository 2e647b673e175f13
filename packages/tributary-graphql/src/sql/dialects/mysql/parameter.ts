import { raw } from "mysql2";
import { utcText } from "../times.ts";

/**
 * A value as mysql2 may be given it: an object or a list as JSON. As they are, mysql2 would write them as SQL, `{ id: 1 }`
 * as `id` = 1, so that a value from a client could become a condition. A `Date` is written in UTC.
 *
 * @throws TypeError for an invalid `Date`, of which mysql2 would make NULL, and one of a year that is not of four digits
 */
export function mysqlParameter(value: unknown): unknown {
  if (typeof value === "string") return raw(textLiteral(value));
  if (value instanceof Date) return raw(textLiteral(utcText(value)));
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.isBuffer(value) ? value : Buffer.from(value);
  const json: string | undefined = JSON.stringify(value);
  return json === undefined ? null : raw(textLiteral(json));
}

/**
 * A text as SQL. No value can leave it, in whichever `sql_mode` the server reads it: a quote is doubled, which all modes
 * read alike, where `mysql2` would put a backslash before it. A server in NO_BACKSLASH_ESCAPES would take the two
 * backslashes for two; so the mode is set on each connection.
 */
const textLiteral = (text: string): string => `'${text.replace(/['\\]/g, "$&$&")}'`;
