import type { CountryRow } from "../../../../atlas/services/country-data/row.ts";

/** A country without findings, with the given differences. */
export function testCountry(differences: Partial<CountryRow> = {}): CountryRow {
  return {
    name: { common: "Utopia", official: "Republic of Utopia", native: {} },
    tld: [".up"],
    cca2: "UP",
    ccn3: "999",
    cca3: "UTO",
    cioc: "",
    independent: true,
    status: "user-assigned",
    unMember: false,
    unRegionalGroup: "",
    currencies: { UTD: { name: "Utopian dollar", symbol: "$" } },
    idd: { root: "+9", suffixes: ["99"] },
    capital: ["Amaurot"],
    altSpellings: [],
    region: "Europe",
    subregion: "Northern Europe",
    languages: { lat: "Latin" },
    translations: {},
    latlng: [50, 10],
    demonyms: {},
    landlocked: false,
    borders: [],
    area: 1000,
    flag: "🇺🇵",
    ...differences,
  };
}

/** A second country without findings, for comparisons. */
export const otherTestCountry = (differences: Partial<CountryRow> = {}): CountryRow =>
  testCountry({
    name: { common: "Erewhon", official: "Erewhon", native: {} },
    cca2: "EW",
    cca3: "ERE",
    flag: "🇪🇼",
    ...differences,
  });
