/**
 * Parses an instant of a database, `2026-06-21 02:43:08.123456+00`, truncated to milliseconds. A text without a zone is
 * UTC. An instant that `Date` cannot represent (`infinity`, a zero date, a year beyond 275,760) becomes an invalid `Date`.
 *
 * @throws Error for a text in another format
 */
export function toInstant(text: string): Date {
  const match = instantPattern.exec(text);
  if (match === null) {
    if (text === "infinity" || text === "-infinity") return new Date(Number.NaN);
    throw notIso(text);
  }
  const [, year, month, day, hour, minute, second, fraction = "", sign, zone, beforeChrist] = match;
  if (month === "00" || day === "00") return new Date(Number.NaN);
  const instant = new Date(0);
  instant.setUTCFullYear(beforeChrist === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  instant.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds);
  const offset = zone === undefined ? 0 : zoneOffsetMs(sign, zone);
  return offset === 0 ? instant : new Date(instant.getTime() - offset);
}

const instantPattern =
  /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d(?::\d\d){0,2}))?( BC)?$/;

/** Parses `05:30`, or `05:30:20` as in the local times before standard time zones. */
function zoneOffsetMs(sign: string | undefined, zone: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = zone.split(":").map(Number);
  const offset = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return sign === "-" ? -offset : offset;
}

/**
 * Returns a date or a time without a zone unchanged, if it is in ISO 8601 format.
 * @throws Error for a text in another format, whose day and month may be swapped
 */
export function isoTime(text: string): string {
  if (/^\d{4,7}-\d\d-\d\d(?:$| )/.test(text) || text === "infinity" || text === "-infinity") return text;
  throw notIso(text);
}

const notIso = (text: string): Error =>
  new Error(`Expected a time in ISO 8601 format, got ${JSON.stringify(text)}: set DateStyle to ISO.`);

/** `12:00:00.500000` as `12:00:00.5`: the same time is the same text, whatever the column's precision. */
export const withoutTrailingZeros = (time: string): string => (time.includes(".") ? time.replace(/\.?0+$/, "") : time);

/**
 * Formats a `Date` for all databases: in UTC, `2026-06-21 02:43:08.123`.
 * @throws TypeError for an invalid date, and for a year beyond 0 to 9999
 */
export function utcText(date: Date): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) {
    const received = Number.isNaN(year) ? "an invalid Date" : date.toISOString();
    throw new TypeError(`Expected a Date of the years 0 to 9999 as a parameter, got ${received}.`);
  }
  return withoutTrailingZeros(date.toISOString().slice(0, 23).replace("T", " "));
}
