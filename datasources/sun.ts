import type { RestReads } from "tributary-graphql/rest";
import { z } from "zod";

/** Sunrise, sunset and day length at one location on one day. */
export interface Sun {
  /** Null in polar night and polar day, as is `sunset`. */
  readonly sunrise: Date | null;
  readonly sunset: Date | null;
  readonly solarNoon: Date;
  /** From 0 in polar night to 1440 in polar day. */
  readonly dayLengthMinutes: number;
}

export interface SunQuery {
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** IANA name. */
  readonly timeZone: string;
  /** `YYYY-MM-DD` in that time zone. Default: today. */
  readonly date?: string;
}

export interface SunReads {
  at(query: SunQuery): Promise<Sun>;
}

/** The sun service takes one location per call: calls are parallel, up to the concurrency limit of the upstream. */
export function createSun(reads: RestReads, now: () => Date): SunReads {
  const sun = reads.single({ call: "sun", path: "/sun", query: searchParams, body: sunBody });
  return {
    at: ({ latitude, longitude, timeZone, date }) =>
      sun.load({ latitude, longitude, timeZone, date: date ?? localDate(timeZone, now()) }),
  };
}

const searchParams = ({ latitude, longitude, timeZone, date }: Required<SunQuery>): URLSearchParams =>
  new URLSearchParams({ lat: String(latitude), lng: String(longitude), date, tzid: timeZone });

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date at this instant in this time zone, `YYYY-MM-DD`. */
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
