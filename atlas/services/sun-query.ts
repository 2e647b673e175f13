import type { SunQuery } from "./sun-times.ts";

/** The years for which the formulas of suncalc are valid. */
const firstYear = 1900;
const lastYear = 2150;

/** The message names the parameter, the expected value and the actual value. */
export class InvalidParameter extends Error {
  override readonly name = "InvalidParameter";
}

/**
 * Parses the required parameters `lat`, `lng`, `date` and `tzid`.
 * @throws InvalidParameter for the first one that is missing or invalid
 */
export function parseSunQuery(query: URLSearchParams): SunQuery {
  return {
    latitude: degrees(query, "lat", 90),
    longitude: degrees(query, "lng", 180),
    date: calendarDate(query),
    timeZone: timeZone(query),
  };
}

function degrees(query: URLSearchParams, name: string, limit: number): number {
  const text = query.get(name);
  const isNumber = text !== null && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  if (!isNumber || Math.abs(Number(text)) > limit) throw unexpected(name, `degrees from -${limit} to ${limit}`, text);
  return Number(text);
}

function calendarDate(query: URLSearchParams): string {
  const text = query.get("date");
  const isDate =
    text !== null &&
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    // A day that the month does not have (2026-02-30) rolls over into the next month, or is an invalid date.
    new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text &&
    Number(text.slice(0, 4)) >= firstYear &&
    Number(text.slice(0, 4)) <= lastYear;
  if (!isDate) throw unexpected("date", `a date from ${firstYear} to ${lastYear} as YYYY-MM-DD`, text);
  return text;
}

function timeZone(query: URLSearchParams): string {
  const text = query.get("tzid");
  if (text === null || !isTimeZone(text)) throw unexpected("tzid", "an IANA time zone such as Europe/Berlin", text);
  return text;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const unexpected = (name: string, expected: string, actual: string | null): InvalidParameter =>
  new InvalidParameter(`${name}: expected ${expected}, got ${actual === null ? "nothing" : `"${actual}"`}`);
