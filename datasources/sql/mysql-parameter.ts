import { utcText } from "./times.ts";

/**
 * A value as mysql2 may be given it: an object or a list as JSON. As they are, mysql2 would write them as SQL, `{ id: 1 }`
 * as `id` = 1, so that a value from a client could become a condition. A `Date` is written in UTC.
 *
 * @throws TypeError for an invalid `Date`, of which mysql2 would make NULL, and one of a year that is not of four digits
 */
export function mysqlParameter(value: unknown): unknown {
  if (value instanceof Date) return utcText(value);
  const isPlain = typeof value !== "object" || value === null || value instanceof Uint8Array;
  if (!isPlain) return JSON.stringify(value);
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value;
}
