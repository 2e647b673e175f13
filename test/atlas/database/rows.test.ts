import { expect, test } from "vitest";
import { type SourceAirport, toAirportRow, toCityRow, toSearchTerms } from "../../../atlas/database/rows.ts";

const source: SourceAirport = {
  id: "12",
  type: "large_airport",
  name: "Zürich Airport",
  latitude_deg: "47.464699",
  longitude_deg: "8.54917",
  elevation_ft: "1416",
  iso_country: "CH",
  municipality: "Zurich",
  iata_code: "ZRH",
};

test("the elevation of an airport is in whole meters, and unknown values are null", () => {
  expect(toAirportRow(source)).toMatchObject({ elevation_m: 432, municipality: "Zurich", iata: "ZRH", size_rank: 1 });
  expect(
    toAirportRow({ ...source, elevation_ft: "", municipality: "", iata_code: "", type: "medium_airport" }),
  ).toMatchObject({ elevation_m: null, municipality: null, iata: null, size_rank: 2 });
});

test("the elevation of an airport at sea level is 0, not null", () => {
  expect(toAirportRow({ ...source, elevation_ft: "0" }).elevation_m).toBe(0);
});

test("x, y and z of an airport are a unit vector", () => {
  const { x, y, z } = toAirportRow({ ...source, latitude_deg: "0", longitude_deg: "90" });
  expect([x, y, z].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([0, 1, 0]);
  expect(toAirportRow({ ...source, latitude_deg: "-90" }).z).toBe(-1);
});

test("the time zone of a city is looked up by its coordinates", () => {
  const tokyo = {
    cityId: 1,
    name: "Tōkyō",
    country: "JP",
    featureCode: "PPLC",
    population: 8_336_599,
    loc: { coordinates: [139.69171, 35.6895] as const },
  };
  const row = toCityRow(tokyo, (latitude, longitude) => `${latitude},${longitude}`);
  expect(row).toMatchObject({ name: "Tōkyō", name_key: "tokyo", time_zone: "35.6895,139.69171", latitude: 35.6895 });
});

test("a city has one search term per word of its name, an airport also for its code and its municipality", () => {
  const city = toCityRow(
    {
      cityId: 7,
      name: "Baden-Baden",
      country: "DE",
      featureCode: "PPL",
      population: 50_000,
      loc: { coordinates: [8, 48] },
    },
    () => "Europe/Berlin",
  );
  const airport = toAirportRow({ ...source, municipality: "Kloten" });
  const words = "zurich airport zrh kloten";
  expect(toSearchTerms([city], [airport])).toEqual([
    { term: "airport", kind: "airport", ref_id: 12, name_key: "zurich airport", words, weight: 2 },
    { term: "baden", kind: "city", ref_id: 7, name_key: "baden baden", words: "baden baden", weight: 50_000 },
    { term: "kloten", kind: "airport", ref_id: 12, name_key: "zurich airport", words, weight: 2 },
    { term: "zrh", kind: "airport", ref_id: 12, name_key: "zrh", words, weight: 2 },
    { term: "zurich", kind: "airport", ref_id: 12, name_key: "zurich airport", words, weight: 2 },
  ]);
});

test("a code that is also a word of the airport's name has one search term, that of the code", () => {
  const terms = toSearchTerms(
    [],
    [toAirportRow({ ...source, name: "Yap Airport", iata_code: "YAP", municipality: "" })],
  );
  expect(terms.map(({ term, name_key, words }) => ({ term, name_key, words }))).toEqual([
    { term: "airport", name_key: "yap airport", words: "yap airport" },
    { term: "yap", name_key: "yap", words: "yap airport" },
  ]);
});

test("an airfield without IATA code has no search terms", () => {
  expect(toSearchTerms([], [toAirportRow({ ...source, iata_code: "" })])).toEqual([]);
});
