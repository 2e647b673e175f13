import { expect, test } from "vitest";
import type { Country } from "world-countries";
import { correct, decide } from "../../../../atlas/services/country-data/decide.ts";
import { testCountry } from "./test-countries.ts";

const packaged = (differences: Partial<Country> = {}): Country => ({
  ...testCountry(),
  area: 1000,
  subregion: "Northern Europe",
  ...differences,
});
const areaUnknown = { country: "UP", path: "area", from: -1, to: null, reason: "unknown" };

test("a finding without a decision fails the start with a message that names the finding and the file for decisions", () => {
  const start = () => decide([packaged({ area: -1, capital: [] })], [areaUnknown], []);
  expect(start).toThrow("atlas/data/country-corrections.ts:\n  UP: capital: no capital");
});

test("a finding about several countries fails the start too", () => {
  expect(() => decide([packaged({ borders: ["XXX"] })], [], [])).toThrow("UP: border: neighbor XXX is not in the list");
});

test("a corrected or accepted finding does not fail the start", () => {
  const accepted = [{ check: "capital", subject: "UP", reason: "nobody lives there" }];
  const rows = decide([packaged({ area: -1, capital: [] })], [areaUnknown], accepted);
  expect(rows).toMatchObject([{ cca2: "UP", area: null, capital: [] }]);
});

test("an acceptance without a finding fails the start", () => {
  const accepted = [{ check: "capital", subject: "UP", reason: "nobody lives there" }];
  expect(() => decide([packaged()], [], accepted)).toThrow("UP: capital: accepted, but no longer found");
});

test("a correction of a value that the package has changed fails the start", () => {
  expect(() => correct([packaged({ area: 62045 })], [areaUnknown])).toThrow(
    "The correction of UP area expected -1, got 62045.",
  );
});

test("a correction of an unknown country or path fails the start", () => {
  expect(() => correct([packaged()], [{ ...areaUnknown, country: "ZZ" }])).toThrow('has the country "ZZ"');
  expect(() => correct([packaged()], [{ ...areaUnknown, path: "size.land" }])).toThrow("got nothing.");
});

test("a correction can change a nested value, and does not change the given rows", () => {
  const rows = [packaged()];
  const path = "currencies.UTD.symbol";
  const corrected = correct(rows, [{ country: "UP", path, from: "$", to: "U$", reason: "as printed" }]);
  expect(corrected[0]?.currencies).toEqual({ UTD: { name: "Utopian dollar", symbol: "U$" } });
  expect(rows[0]?.currencies).toEqual({ UTD: { name: "Utopian dollar", symbol: "$" } });
});
