import { expect, test } from "vitest";
import { capitalCity, cityFindings, type KnownCity } from "../../../../atlas/services/country-data/city-checks.ts";
import { madeUpCountry } from "./made-up.ts";

const city = (differences: Partial<KnownCity>): KnownCity => ({
  name: "Amaurot",
  country: "UP",
  population: 100,
  featureCode: "PPLC",
  latitude: 50,
  longitude: 10,
  ...differences,
});
const noted = (cities: readonly KnownCity[]) =>
  cityFindings([madeUpCountry()], cities).map(({ check, detail }) => `${check}: ${detail}`);

test("a country near its capital of that name gives no finding, nor does one without any city", () => {
  expect(noted([city({})])).toEqual([]);
  expect(noted([city({ name: "AMAURÓT" })])).toEqual([]);
});

test("a capital whose namesake is not the city marked as capital is found", () => {
  expect(noted([city({ featureCode: "PPLA3", population: 0 }), city({ name: "Amaurot City" })])).toEqual([
    'capital city: "Amaurot" is Amaurot (PPLA3, 0 people), the city marked as capital is Amaurot City (PPLC, 100 people)',
  ]);
});

test("a point farther from every city than the country is wide is found", () => {
  expect(noted([city({ latitude: 51 })])).toEqual(["place: [50, 10] is 111 km from the nearest of its cities"]);
  expect(noted([city({ latitude: 50.4 })])).toEqual([]);
});

test("of two cities with the capital's name the marked one is the capital, then the larger", () => {
  const small = city({ featureCode: "PPL", population: 1 });
  const large = city({ featureCode: "PPL", population: 900 });
  expect(capitalCity(madeUpCountry(), [small, large, city({})])).toEqual(city({}));
  expect(capitalCity(madeUpCountry(), [small, large])).toEqual(large);
});
