import DataLoader from "dataloader";
import { z } from "zod";
import type { Upstream, UpstreamScope } from "./rest/upstream.ts";

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
export function createSun(upstream: Upstream, scope: UpstreamScope, now: () => Date): SunReads {
  const findSun = async ({ latitude, longitude, timeZone, date }: Required<SunQuestion>): Promise<Sun> => {
    const query = new URLSearchParams({ lat: String(latitude), lng: String(longitude), date, tzid: timeZone });
    const { body } = await upstream.get(scope, { call: "sun", keys: 1, path: "/sun", query, body: sunBody });
    return body;
  };
  const loader = new DataLoader<Required<SunQuestion>, Sun, string>(
    (questions) => Promise.all(questions.map((question) => findSun(question).catch(asError))),
    { cacheKeyFn: (question) => JSON.stringify(question) },
  );
  return {
    at: ({ latitude, longitude, timeZone, date }) =>
      loader.load({ latitude, longitude, timeZone, date: date ?? localDate(timeZone, now()) }),
  };
}

/** A failed place is an `Error` in its own slot; the other places keep their answers. */
const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

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
