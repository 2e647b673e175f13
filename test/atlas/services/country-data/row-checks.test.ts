import { expect, test } from "vitest";
import type { CountryRow } from "../../../../atlas/services/country-data/row.ts";
import { rowFindings } from "../../../../atlas/services/country-data/row-checks.ts";
import { madeUpCountry } from "./made-up.ts";

const noted = (differences: Partial<CountryRow>) =>
  rowFindings([madeUpCountry(differences)]).map(({ check, detail }) => `${check}: ${detail}`);

test("a sound country gives no finding", () => {
  expect(noted({})).toEqual([]);
});

test("an unknown area is fine, one of no or less land is not", () => {
  expect(noted({ area: null })).toEqual([]);
  expect(noted({ area: -1 })).toEqual(["area: expected more than 0 km2 or null, got -1"]);
  expect(noted({ area: 0 })).toEqual(["area: expected more than 0 km2 or null, got 0"]);
});

test.each<[string, Partial<CountryRow>, string]>([
  ["an alpha-2 code in small letters", { cca2: "up", flag: "" }, 'alpha2: expected two capital letters, got "up"'],
  ["an alpha-3 code of two letters", { cca3: "UT" }, 'alpha3: expected three capital letters, got "UT"'],
  ["a missing numeric code", { ccn3: "" }, 'numeric code: expected three digits, got ""'],
  ["a missing flag", { flag: "" }, 'flag: expected the flag of UP, got ""'],
  ["another country's flag", { flag: "🇩🇪" }, 'flag: expected the flag of UP, got "🇩🇪"'],
  ["a region that the graph does not have", { region: "Atlantis" }, "region: expected one of Africa"],
  ["an empty subregion", { subregion: "" }, "subregion: expected text without blank ends"],
  ["a missing subregion outside Antarctica", { subregion: null }, "subregion: expected a subregion in Europe"],
  ["a latitude beyond the pole", { latlng: [91, 0] }, "coordinates: expected a latitude and a longitude"],
  ["the point that stands for unknown", { latlng: [0, 0] }, "coordinates: expected a latitude and a longitude"],
  ["no capital", { capital: [] }, "capital: no capital"],
  ["a capital with a blank end", { capital: ["Amaurot "] }, "capital: expected text without blank ends"],
  ["no language", { languages: {} }, "languages: no language"],
  ["no currency", { currencies: {} }, "currencies: no currency"],
  ["a currency code of two letters", { currencies: { UT: { name: "a", symbol: "b" } } }, "currencies: expected a code"],
  ["a doubled blank in a symbol", { currencies: { UTD: { name: "a", symbol: "b  c" } } }, "currencies: expected text"],
  [
    "a currency that has ended",
    { currencies: { HRK: { name: "Kuna", symbol: "kn" } } },
    "ended currency: HRK has ended: EUR since 2023-01-01",
  ],
])("%s is found", (_title, differences, expected) => {
  expect(noted(differences)).toContainEqual(expect.stringContaining(expected));
});
