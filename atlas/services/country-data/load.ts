import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Country } from "world-countries";
import { acceptedFindings, countryCorrections } from "../../data/country-corrections.ts";
import { decide } from "./decide.ts";
import type { CountryRow } from "./row.ts";

/** The 250 countries as the package has them. */
export async function readPackagedCountries(): Promise<Country[]> {
  const path = createRequire(import.meta.url).resolve("world-countries/countries.json");
  return JSON.parse(await readFile(path, "utf8"));
}

/**
 * The 250 countries, corrected. Every service that speaks of countries or their currencies reads them here, so that
 * two services cannot differ.
 * @throws when the data has a finding that nobody has decided.
 */
export async function loadCountries(): Promise<CountryRow[]> {
  return decide(await readPackagedCountries(), countryCorrections, acceptedFindings);
}
