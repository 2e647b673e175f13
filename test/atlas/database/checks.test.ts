import { describe, expect, test } from "vitest";
import { findProblems } from "../../../atlas/database/checks.ts";
import type { AirportTable, CityTable } from "../../../datasources/database.ts";

const countries = new Set(["DE", "US"]);

const berlin: CityTable = {
  id: 1,
  name: "Berlin",
  name_key: "berlin",
  country_code: "DE",
  population: 3_426_354,
  latitude: 52.52437,
  longitude: 13.41053,
  time_zone: "Europe/Berlin",
  feature_code: "PPLC",
};

const tegel: AirportTable = {
  id: 1,
  iata: "TXL",
  name: "Tegel",
  name_key: "tegel",
  country_code: "DE",
  size_rank: 1,
  latitude: 52.5597,
  longitude: 13.2877,
  x: 0.59,
  y: 0.14,
  z: 0.79,
  elevation_m: 37,
  municipality: "Berlin",
};

const check = (cities: readonly CityTable[], airports: readonly AirportTable[] = []) =>
  findProblems({ cities, airports }, countries).map(({ rule, subject }) => `${rule}: ${subject}`);

test("valid rows have no findings", () => {
  expect(check([berlin], [tegel])).toEqual([]);
});

describe("findProblems reports", () => {
  test("an id of two cities or of two airports, but not of a city and an airport", () => {
    const hamburg = { ...berlin, name: "Hamburg", name_key: "hamburg", feature_code: "PPLA" };
    expect(check([berlin, hamburg], [tegel, { ...tegel, iata: null }])).toEqual([
      "id is unique: city 1, city 1",
      "id is unique: airport 1, airport 1",
    ]);
  });

  test("an IATA code of two airports, and an invalid IATA code", () => {
    const airports = [tegel, { ...tegel, id: 2 }, { ...tegel, id: 3, iata: "tx1" }, { ...tegel, id: 4, iata: null }];
    expect(check([], airports)).toEqual([
      "IATA code is unique: airport 1, airport 2",
      "IATA code is three letters: airport 3",
    ]);
  });

  test("a country that does not exist", () => {
    const nowhere = { country_code: "XX" };
    expect(check([{ ...berlin, ...nowhere }], [{ ...tegel, ...nowhere }])).toEqual([
      "country exists: city 1",
      "country exists: airport 1",
    ]);
  });

  test.each([
    [90.1, 0],
    [-91, 10],
    [1, 180.5],
    [0, 0],
    [Number.NaN, 10],
  ])("the coordinates %s, %s", (latitude, longitude) => {
    expect(check([{ ...berlin, latitude, longitude }])).toEqual(["coordinates are valid: city 1"]);
  });

  test("an empty name, and a name with an empty name key", () => {
    expect(check([{ ...berlin, name: " " }], [{ ...tegel, name: "!", name_key: "" }])).toEqual([
      "name is not empty: city 1",
      "name is not empty: airport 1",
    ]);
  });

  test("an elevation below the lowest shore or above the highest airport, but not an unknown elevation", () => {
    const at = (id: number, elevation_m: number | null) => ({ ...tegel, id, iata: null, elevation_m });
    expect(check([], [at(1, -386), at(2, -451), at(3, 4_411), at(4, 4_600), at(5, null)])).toEqual([
      "elevation is plausible: airport 2",
      "elevation is plausible: airport 4",
    ]);
  });

  test("a city that is listed twice, also with another case, but not a city of the same name elsewhere", () => {
    const springfield = { ...berlin, country_code: "US", feature_code: "PPL" };
    const beside = { ...springfield, id: 2, name: "BERLIN", latitude: berlin.latitude + 0.005 };
    const far = { ...springfield, id: 3, latitude: berlin.latitude + 0.02 };
    const abroad = { ...berlin, id: 4 };
    expect(check([springfield, beside, far, abroad])).toEqual(["city is listed once: city 1, city 2"]);
  });

  test("a city that is listed twice, on both sides of the date line", () => {
    const west = { ...berlin, latitude: 0.5, longitude: 179.999, feature_code: "PPL" };
    expect(check([west, { ...west, id: 2, longitude: -179.999 }])).toEqual(["city is listed once: city 1, city 2"]);
  });

  test("all cities with unknown population as one finding, and all uninhabited cities as one finding", () => {
    const far = { ...berlin, name_key: "b", feature_code: "PPLQ", population: 0 };
    expect(check([berlin, { ...far, id: 2, name_key: "c" }, { ...far, id: 3 }])).toEqual([
      "population is known: 2 cities",
      "city is inhabited: 2 cities",
    ]);
  });

  test("a second capital of a country", () => {
    expect(check([berlin, { ...berlin, id: 2, name: "Bonn", name_key: "bonn" }])).toEqual([
      "country has one capital: city 1, city 2",
    ]);
  });

  test("an unknown time zone", () => {
    expect(check([{ ...berlin, time_zone: "Europe/Atlantis" }])).toEqual(["time zone exists: city 1"]);
  });
});

test("a finding has the rule, the rows and the details for a decision", () => {
  const twice = { ...berlin, id: 2, latitude: berlin.latitude + 0.001, feature_code: "PPL", population: 5 };
  expect(findProblems({ cities: [berlin, twice], airports: [] }, countries)).toEqual([
    {
      rule: "city is listed once",
      subject: "city 1, city 2",
      detail: "Berlin, DE, population 3426354, and Berlin, 5, 0.11 km apart",
    },
  ]);
});
