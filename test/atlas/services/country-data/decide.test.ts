import { expect, test } from "vitest";
import type { Country } from "world-countries";
import { correct, decide } from "../../../../atlas/services/country-data/decide.ts";
import { madeUpCountry } from "./made-up.ts";

const packaged = (differences: Partial<Country> = {}): Country => ({
  ...madeUpCountry(),
  area: 1000,
  subregion: "Northern Europe",
  ...differences,
});
const areaUnknown = { country: "UP", path: "area", from: -1, to: null, reason: "unknown" };

test("a finding that nobody has decided stops the start, and the message says what and where to decide", () => {
  const start = () => decide([packaged({ area: -1, capital: [] })], [areaUnknown], []);
  expect(start).toThrow("atlas/data/country-corrections.ts:\n  UP: capital: no capital");
});

test("two rows that do not fit together stop the start too", () => {
  expect(() => decide([packaged({ borders: ["XXX"] })], [], [])).toThrow(
    "UP: border: neighbour XXX is not in the list",
  );
});

test("a finding that is corrected or accepted does not stop the start", () => {
  const accepted = [{ check: "capital", subject: "UP", reason: "nobody lives there" }];
  const rows = decide([packaged({ area: -1, capital: [] })], [areaUnknown], accepted);
  expect(rows).toMatchObject([{ cca2: "UP", area: null, capital: [] }]);
});

test("an acceptance of something that is no longer found stops the start", () => {
  const accepted = [{ check: "capital", subject: "UP", reason: "nobody lives there" }];
  expect(() => decide([packaged()], [], accepted)).toThrow("UP: capital: accepted, but no longer found");
});

test("a correction of a value that the package has changed since stops the start", () => {
  expect(() => correct([packaged({ area: 62045 })], [areaUnknown])).toThrow(
    "A correction of UP area expects -1, the data has 62045",
  );
});

test("a correction of an unknown country, or of a path that is not there, stops the start", () => {
  expect(() => correct([packaged()], [{ ...areaUnknown, country: "ZZ" }])).toThrow('names country "ZZ"');
  expect(() => correct([packaged()], [{ ...areaUnknown, path: "size.land" }])).toThrow("the data has nothing");
});

test("a correction reaches into a value, and leaves the rows that it was given as they were", () => {
  const rows = [packaged()];
  const path = "currencies.UTD.symbol";
  const corrected = correct(rows, [{ country: "UP", path, from: "$", to: "U$", reason: "as printed" }]);
  expect(corrected[0]?.currencies).toEqual({ UTD: { name: "Utopian dollar", symbol: "U$" } });
  expect(rows[0]?.currencies).toEqual({ UTD: { name: "Utopian dollar", symbol: "$" } });
});
