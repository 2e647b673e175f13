import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Country } from "world-countries";
import { acceptedFindings, countryCorrections } from "../../data/country-corrections.ts";
import { decide } from "./decide.ts";
import type { CountryRow } from "./row.ts";

/** The 250 countries of the package, uncorrected. */
export async function readPackagedCountries(): Promise<Country[]> {
  const path = createRequire(import.meta.url).resolve("world-countries/countries.json");
  return JSON.parse(await readFile(path, "utf8"));
}

/**
 * The 250 corrected countries, the common source of the countries service and the rates service.
 * @throws Error for a finding without a decision
 */
export async function loadCountries(): Promise<CountryRow[]> {
  return decide(await readPackagedCountries(), countryCorrections, acceptedFindings);
}
