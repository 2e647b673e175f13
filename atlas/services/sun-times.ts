import { getTimes, type SunTimes } from "suncalc";

/** A place, a day there, and the clock that says which day it is. */
export interface SunQuestion {
  /** Degrees, north positive. */
  readonly latitude: number;
  /** Degrees, east positive. */
  readonly longitude: number;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** IANA name, `Europe/Berlin`. */
  readonly timeZone: string;
}

/** The sun's day. Instants are ISO 8601 in UTC; null where the event does not happen on that day. */
export interface SunAnswer {
  readonly sunrise: string | null;
  readonly sunset: string | null;
  readonly solarNoon: string;
  /** Sunrise to sunset, rounded; 0 in polar night, 1440 in polar day. */
  readonly dayLengthMinutes: number;
  /** Beginning and end of civil twilight. */
  readonly dawn: string | null;
  readonly dusk: string | null;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The solar day whose noon falls on the given date by the clock of the given time zone. Counting from UTC instead
 * would give the day before or after near the date line: Kiritimati is 14 hours ahead, Attu behind at 173 degrees east.
 * Undefined where no solar noon falls on that date: the zone skipped it (Samoa, 2011-12-30), or it is not the place's.
 */
export function sunTimesOf({ latitude, longitude, date, timeZone }: SunQuestion): SunAnswer | undefined {
  const noonUtcMs = Date.parse(`${date}T12:00:00Z`);
  const dateThere = localDates(timeZone);
  const times = [-1, 0, 1]
    .map((days) => getTimes(new Date(noonUtcMs + days * dayMs), latitude, longitude))
    .find(({ solarNoon }) => dateThere(solarNoon) === date);
  return times === undefined ? undefined : toAnswer(times);
}

function toAnswer(times: SunTimes): SunAnswer {
  return {
    ...daylight(times),
    solarNoon: times.solarNoon.toISOString(),
    dawn: times.dawn?.toISOString() ?? null,
    dusk: times.dusk?.toISOString() ?? null,
  };
}

/**
 * On the first and last day of polar day or night the sun grazes the horizon, and suncalc's solution runs away: a
 * sunset before the sunrise, or days later. Such a day counts as the polar day or night that it borders on.
 */
function daylight({ sunrise, sunset, alwaysUp }: SunTimes): Pick<SunAnswer, "sunrise" | "sunset" | "dayLengthMinutes"> {
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

/** The date, `YYYY-MM-DD`, that a zone's calendar shows at an instant. */
function localDates(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, calendar: "iso8601", dateStyle: "short" });
  return (instant) => format.format(instant);
}
