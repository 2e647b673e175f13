import { raw } from "mysql2";
import { utcText } from "../times.ts";

/**
 * Converts a parameter for mysql2: objects and arrays to JSON, a `Date` to UTC. mysql2 itself would turn `{ id: 1 }` into
 * the SQL `id` = 1, an injection if the value comes from a client.
 *
 * @throws TypeError for an invalid `Date`, which mysql2 would send as NULL, and for a year beyond 0 to 9999
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
 * A string literal that no value can break out of, in any `sql_mode`: a quote is doubled, which has the same meaning in
 * all modes, where `mysql2` would escape it with a backslash. In NO_BACKSLASH_ESCAPES a doubled backslash would stay two,
 * so each connection removes that mode.
 */
const textLiteral = (text: string): string => `'${text.replace(/['\\]/g, "$&$&")}'`;
