import { getTimes, type SunTimes } from "suncalc";

/** A location, and a date in a time zone. */
export interface SunQuery {
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Instants are ISO 8601 in UTC; null if the event does not happen on that day. */
export interface SunResult {
  readonly sunrise: string | null;
  readonly sunset: string | null;
  readonly solarNoon: string;
  /** From sunrise to sunset, rounded; 0 in polar night, 1440 in polar day. */
  readonly dayLengthMinutes: number;
  /** Start of civil twilight in the morning, and its end in the evening. */
  readonly dawn: string | null;
  readonly dusk: string | null;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The solar day with its noon on the given date in the given time zone. The date in UTC would be a day off near the date
 * line: Kiritimati is 14 hours ahead, Attu at 173 degrees east is behind. Undefined if the date has no solar noon: the
 * zone skipped the date (Samoa, 2011-12-30), or the zone does not fit the location.
 */
export function sunTimesOf({ latitude, longitude, date, timeZone }: SunQuery): SunResult | undefined {
  const noonUtcMs = Date.parse(`${date}T12:00:00Z`);
  const localDate = localDateIn(timeZone);
  const times = [-1, 0, 1]
    .map((days) => getTimes(new Date(noonUtcMs + days * dayMs), latitude, longitude))
    .find(({ solarNoon }) => localDate(solarNoon) === date);
  return times === undefined ? undefined : toResult(times);
}

function toResult(times: SunTimes): SunResult {
  return {
    ...daylight(times),
    solarNoon: times.solarNoon.toISOString(),
    dawn: times.dawn?.toISOString() ?? null,
    dusk: times.dusk?.toISOString() ?? null,
  };
}

/**
 * On the first and last day of polar day or night, suncalc's solution diverges: the sunset is before the sunrise, or days
 * later. Such a day counts as polar day or night.
 */
function daylight({ sunrise, sunset, alwaysUp }: SunTimes): Pick<SunResult, "sunrise" | "sunset" | "dayLengthMinutes"> {
  if (sunrise === null || sunset === null) return polar(alwaysUp === true);
  const lengthMs = sunset.valueOf() - sunrise.valueOf();
  if (lengthMs <= 0 || lengthMs >= dayMs) return polar(lengthMs > 0);
  return {
    sunrise: sunrise.toISOString(),
    sunset: sunset.toISOString(),
    dayLengthMinutes: Math.round(lengthMs / 60_000),
  };
}

const polar = (isDay: boolean) => ({ sunrise: null, sunset: null, dayLengthMinutes: isDay ? 1440 : 0 });

/** Returns the date in the time zone at an instant, `YYYY-MM-DD`. */
function localDateIn(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, calendar: "iso8601", dateStyle: "short" });
  return (instant) => format.format(instant);
}
