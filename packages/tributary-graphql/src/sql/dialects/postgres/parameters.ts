/**
 * Formats each `Date` among the parameters, also in arrays, as text in UTC. `pg` would format it in the time zone of this
 * process, so a column without a zone would store the wrong hour or day.
 *
 * @throws TypeError for an invalid date
 */
export const inUtc = (values: readonly unknown[]): readonly unknown[] =>
  values.some(hasDate) ? values.map(toUtc) : values;

const hasDate = (value: unknown): boolean =>
  typeof value === "object" && (value instanceof Date || (Array.isArray(value) && value.some(hasDate)));

function toUtc(value: unknown): unknown {
  if (value instanceof Date) return utcTime(value);
  return Array.isArray(value) ? value.map(toUtc) : value;
}

function utcTime(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new TypeError("Expected a Date as a parameter, got an invalid one.");
  const year = date.getUTCFullYear();
  const rest = date.toISOString().replace(/^[+-]?\d+/, "");
  // PostgreSQL has no year 0: the year 0 of ISO 8601 is 1 BC.
  return year > 0 ? `${String(year).padStart(4, "0")}${rest}` : `${String(1 - year).padStart(4, "0")}${rest} BC`;
}
