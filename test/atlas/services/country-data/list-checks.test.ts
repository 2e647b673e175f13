import { expect, test } from "vitest";
import { listFindings } from "../../../../atlas/services/country-data/list-checks.ts";
import { madeUpCountry, otherCountry } from "./made-up.ts";

const noted = (...rows: Parameters<typeof listFindings>[0]) =>
  listFindings(rows).map(({ check, subject, detail }) => `${subject}: ${check}: ${detail}`);

test("two neighbours that list each other give no finding", () => {
  expect(noted(madeUpCountry({ borders: ["ERE"] }), otherCountry({ borders: ["UTO"] }))).toEqual([]);
});

test("a border that only one side lists is found", () => {
  expect(noted(madeUpCountry({ borders: ["ERE"] }), otherCountry())).toEqual([
    "UP: border: lists ERE, which does not list UTO",
  ]);
});

test("a neighbour that is not a country is found, and one listed twice, and a country beside itself", () => {
  expect(noted(madeUpCountry({ borders: ["XXX"] }))).toEqual(["UP: border: neighbour XXX is not in the list"]);
  expect(noted(madeUpCountry({ borders: ["UTO"] }))).toEqual(["UP: border: lists itself as a neighbour"]);
  expect(noted(madeUpCountry({ borders: ["ERE", "ERE"] }), otherCountry({ borders: ["UTO"] }))).toEqual([
    "UP: border: lists ERE twice",
  ]);
});

test("a code or a name used by two countries is found", () => {
  expect(noted(madeUpCountry(), madeUpCountry())).toEqual([
    "UP: alpha2 twice: used by UP, UP",
    "UTO: alpha3 twice: used by UP, UP",
    "Utopia: name twice: used by UP, UP",
  ]);
});

test("a currency with two names or two symbols is found", () => {
  const dollars = otherCountry({ currencies: { UTD: { name: "dollar", symbol: "$" } } });
  const dollarSign = otherCountry({ currencies: { UTD: { name: "Utopian dollar", symbol: "U$" } } });
  expect(noted(madeUpCountry(), dollars)).toEqual([
    "UTD: currency details: Utopian dollar ($) in UP; dollar ($) in EW",
  ]);
  expect(noted(madeUpCountry(), dollarSign)).toEqual([
    "UTD: currency details: Utopian dollar ($) in UP; Utopian dollar (U$) in EW",
  ]);
});

test("a language with two names is found", () => {
  expect(noted(madeUpCountry(), otherCountry({ languages: { lat: "Old Latin" } }))).toEqual([
    "lat: language name: Latin in UP; Old Latin in EW",
  ]);
});
