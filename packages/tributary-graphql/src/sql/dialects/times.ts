/**
 * The instant that a database writes as `2026-06-21 02:43:08.123456+00`, to the millisecond; later digits are left out.
 * A text without a zone is UTC. What no `Date` can be (`infinity`, a zero date, a year beyond 275,760) is an invalid one.
 *
 * @throws Error for a text in another style
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

/** `05:30`, or with the seconds that zones had before there were any. */
function zoneOffsetMs(sign: string | undefined, zone: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = zone.split(":").map(Number);
  const offset = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return sign === "-" ? -offset : offset;
}

/**
 * A day or a time without a zone as it is written, which has to be as ISO 8601 has it.
 * @throws Error for a text in another style, in which day and month may stand the other way round
 */
export function isoTime(text: string): string {
  if (/^\d{4,7}-\d\d-\d\d(?:$| )/.test(text) || text === "infinity" || text === "-infinity") return text;
  throw notIso(text);
}

const notIso = (text: string): Error =>
  new Error(`Expected a time as ISO 8601 writes it, got ${JSON.stringify(text)}: leave DateStyle at ISO.`);

/** `12:00:00.500000` as `12:00:00.5`: however many digits a column has, the same time is the same text. */
export const withoutTrailingZeros = (time: string): string => (time.includes(".") ? time.replace(/\.?0+$/, "") : time);

/**
 * A `Date` as a text that each database takes for a time: in UTC, `2026-06-21 02:43:08.123`.
 * @throws TypeError for an invalid date and for a year that is not of four digits
 */
export function utcText(date: Date): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) {
    const came = Number.isNaN(year) ? "an invalid one" : date.toISOString();
    throw new TypeError(`Expected a Date of the years 0 to 9999 as a parameter, got ${came}.`);
  }
  return withoutTrailingZeros(date.toISOString().slice(0, 23).replace("T", " "));
}
