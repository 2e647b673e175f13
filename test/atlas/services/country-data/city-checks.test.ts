import { expect, test } from "vitest";
import { capitalCity, cityFindings, type ListedCity } from "../../../../atlas/services/country-data/city-checks.ts";
import { testCountry } from "./test-countries.ts";

const city = (differences: Partial<ListedCity>): ListedCity => ({
  name: "Amaurot",
  country: "UP",
  population: 100,
  featureCode: "PPLC",
  latitude: 50,
  longitude: 10,
  ...differences,
});
const findingsOf = (cities: readonly ListedCity[]) =>
  cityFindings([testCountry()], cities).map(({ check, detail }) => `${check}: ${detail}`);

test("a country near its capital has no finding, also if the name has other case and accents", () => {
  expect(findingsOf([city({})])).toEqual([]);
  expect(findingsOf([city({ name: "AMAURÓT" })])).toEqual([]);
});

test("a capital with the name of a city that is not marked as capital is a finding", () => {
  expect(findingsOf([city({ featureCode: "PPLA3", population: 0 }), city({ name: "Amaurot City" })])).toEqual([
    'capital city: "Amaurot" is Amaurot (PPLA3, 0 people), the city marked as capital is Amaurot City (PPLC, 100 people)',
  ]);
});

test("coordinates farther from every city than the width of the country are a finding", () => {
  expect(findingsOf([city({ latitude: 51 })])).toEqual([
    "distance from cities: [50, 10] is 111 km from the nearest of its cities",
  ]);
  expect(findingsOf([city({ latitude: 50.4 })])).toEqual([]);
});

test("of several cities with the name of the capital, the capital is the marked one, else the largest", () => {
  const small = city({ featureCode: "PPL", population: 1 });
  const large = city({ featureCode: "PPL", population: 900 });
  expect(capitalCity(testCountry(), [small, large, city({})])).toEqual(city({}));
  expect(capitalCity(testCountry(), [small, large])).toEqual(large);
});
