/**
 * A value as mysql2 may be given it: an object or a list as JSON. As they are, mysql2 would write them as SQL, `{ id: 1 }`
 * as `id` = 1, so that a value from a client could become a condition.
 */
export function mysqlParameter(value: unknown): unknown {
  const isPlain = typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array;
  if (!isPlain) return JSON.stringify(value);
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value;
}
