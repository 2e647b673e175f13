import { expect, test } from "vitest";
import type { CountryRow } from "../../../../atlas/services/country-data/row.ts";
import { rowFindings } from "../../../../atlas/services/country-data/row-checks.ts";
import { testCountry } from "./test-countries.ts";

const findingsOf = (differences: Partial<CountryRow>) =>
  rowFindings([testCountry(differences)]).map(({ check, detail }) => `${check}: ${detail}`);

test("a valid country has no findings", () => {
  expect(findingsOf({})).toEqual([]);
});

test("an unknown area has no finding; an area of 0 or less has one", () => {
  expect(findingsOf({ area: null })).toEqual([]);
  expect(findingsOf({ area: -1 })).toEqual(["area: expected more than 0 km² or null, got -1"]);
  expect(findingsOf({ area: 0 })).toEqual(["area: expected more than 0 km² or null, got 0"]);
});

test.each<[string, Partial<CountryRow>, string]>([
  ["an alpha-2 code in lower case", { cca2: "up", flag: "" }, 'alpha2: expected two uppercase letters, got "up"'],
  ["an alpha-3 code of two letters", { cca3: "UT" }, 'alpha3: expected three uppercase letters, got "UT"'],
  ["a missing numeric code", { ccn3: "" }, 'numeric code: expected three digits, got ""'],
  ["a missing flag", { flag: "" }, 'flag: expected the flag of UP, got ""'],
  ["another country's flag", { flag: "🇩🇪" }, 'flag: expected the flag of UP, got "🇩🇪"'],
  ["a region that the schema does not have", { region: "Atlantis" }, "region: expected one of Africa"],
  ["an empty subregion", { subregion: "" }, "subregion: expected text without leading, trailing or repeated spaces"],
  ["a missing subregion outside Antarctica", { subregion: null }, "subregion: expected a subregion in Europe"],
  ["a latitude beyond the pole", { latlng: [91, 0] }, "coordinates: expected a latitude and a longitude"],
  [
    "the coordinates 0, 0, which stand for unknown",
    { latlng: [0, 0] },
    "coordinates: expected a latitude and a longitude",
  ],
  ["no capital", { capital: [] }, "capital: no capital"],
  [
    "a capital with a trailing space",
    { capital: ["Amaurot "] },
    "capital: expected text without leading, trailing or repeated spaces",
  ],
  ["no language", { languages: {} }, "languages: no language"],
  ["no currency", { currencies: {} }, "currencies: no currency"],
  ["a currency code of two letters", { currencies: { UT: { name: "a", symbol: "b" } } }, "currencies: expected a code"],
  ["repeated spaces in a symbol", { currencies: { UTD: { name: "a", symbol: "b  c" } } }, "currencies: expected text"],
  [
    "a currency that has ended",
    { currencies: { HRK: { name: "Kuna", symbol: "kn" } } },
    "ended currency: HRK has ended: EUR since 2023-01-01",
  ],
])("%s is a finding", (_title, differences, expected) => {
  expect(findingsOf(differences)).toContainEqual(expect.stringContaining(expected));
});
