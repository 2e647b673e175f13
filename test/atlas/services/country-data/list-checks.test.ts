import { expect, test } from "vitest";
import { listFindings } from "../../../../atlas/services/country-data/list-checks.ts";
import { otherTestCountry, testCountry } from "./test-countries.ts";

const findingsOf = (...rows: Parameters<typeof listFindings>[0]) =>
  listFindings(rows).map(({ check, subject, detail }) => `${subject}: ${check}: ${detail}`);

test("two neighbors that list each other have no finding", () => {
  expect(findingsOf(testCountry({ borders: ["ERE"] }), otherTestCountry({ borders: ["UTO"] }))).toEqual([]);
});

test("a border that only one country lists is a finding", () => {
  expect(findingsOf(testCountry({ borders: ["ERE"] }), otherTestCountry())).toEqual([
    "UP: border: lists ERE, which does not list UTO",
  ]);
});

test("a neighbor that is not in the list, is listed twice or is the country itself is a finding", () => {
  expect(findingsOf(testCountry({ borders: ["XXX"] }))).toEqual(["UP: border: neighbor XXX is not in the list"]);
  expect(findingsOf(testCountry({ borders: ["UTO"] }))).toEqual(["UP: border: lists itself as a neighbor"]);
  expect(findingsOf(testCountry({ borders: ["ERE", "ERE"] }), otherTestCountry({ borders: ["UTO"] }))).toEqual([
    "UP: border: lists ERE twice",
  ]);
});

test("a code or a name of two countries is a finding", () => {
  expect(findingsOf(testCountry(), testCountry())).toEqual([
    "UP: alpha2 twice: used by UP, UP",
    "UTO: alpha3 twice: used by UP, UP",
    "Utopia: name twice: used by UP, UP",
  ]);
});

test("a currency with two names or two symbols is a finding", () => {
  const dollars = otherTestCountry({ currencies: { UTD: { name: "dollar", symbol: "$" } } });
  const dollarSign = otherTestCountry({ currencies: { UTD: { name: "Utopian dollar", symbol: "U$" } } });
  expect(findingsOf(testCountry(), dollars)).toEqual([
    "UTD: currency details: Utopian dollar ($) in UP; dollar ($) in EW",
  ]);
  expect(findingsOf(testCountry(), dollarSign)).toEqual([
    "UTD: currency details: Utopian dollar ($) in UP; Utopian dollar (U$) in EW",
  ]);
});

test("a language with two names is a finding", () => {
  expect(findingsOf(testCountry(), otherTestCountry({ languages: { lat: "Old Latin" } }))).toEqual([
    "lat: language name: Latin in UP; Old Latin in EW",
  ]);
});
