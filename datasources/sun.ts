import type { RestReads } from "tributary-graphql/rest";
import { z } from "zod";

/** One day of the sun at one place. */
export interface Sun {
  /** Null on a day without a sunrise: polar night or polar day. */
  readonly sunrise: Date | null;
  readonly sunset: Date | null;
  readonly solarNoon: Date;
  /** 0 in polar night, 1440 in polar day. */
  readonly dayLengthMinutes: number;
}

export interface SunQuestion {
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** IANA name: whose day is meant. */
  readonly timeZone: string;
  /** `2026-06-21`, in that time zone; today there if left out. */
  readonly date?: string;
}

export interface SunReads {
  at(question: SunQuestion): Promise<Sun>;
}

/** The sun service takes one place a call: a level's calls run side by side, as many as the upstream allows at once. */
export function createSun(reads: RestReads, now: () => Date): SunReads {
  const sun = reads.single({ call: "sun", path: "/sun", query: questionQuery, body: sunBody });
  return {
    at: ({ latitude, longitude, timeZone, date }) =>
      sun.load({ latitude, longitude, timeZone, date: date ?? localDate(timeZone, now()) }),
  };
}

const questionQuery = ({ latitude, longitude, timeZone, date }: Required<SunQuestion>): URLSearchParams =>
  new URLSearchParams({ lat: String(latitude), lng: String(longitude), date, tzid: timeZone });

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar date at this instant in this time zone, `2026-06-21`. */
function localDate(timeZone: string, instant: Date): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}

const instant = z.iso.datetime().transform((text) => new Date(text));

const sunBody = z.object({
  sunrise: instant.nullable(),
  sunset: instant.nullable(),
  solarNoon: instant,
  dayLengthMinutes: z.int().min(0).max(1440),
});
