/** A global id as a GraphQL literal. */
const idOf = (text: string): string => JSON.stringify(Buffer.from(text).toString("base64url"));

/**
 * Arguments of each field, valid for the schema and cheap to execute; operations shrink to the first ones. Some make
 * the resolver throw: an error that does not come from a source.
 */
export const fieldArguments: Readonly<Record<string, readonly string[]>> = {
  "Query.country": ['code: "CA"', "code: $code", 'code: "COC"', 'code: "ZZ"', 'code: "!"'],
  "Query.countries": ["first: 4", "last: $two", "first: 3, region: EUROPE", "first: -1"],
  "Query.city": [`id: ${idOf("City:10")}`, `id: ${idOf("City:31")}`, `id: ${idOf("City:999")}`, 'id: "forged"'],
  "Query.cities": ["first: 5", "first: $two, orderBy: NAME_ASC", "last: 4", "first: 2, last: 2"],
  "Query.airport": ['iata: "A00"', 'iata: "a31"', 'iata: "XXX"', 'iata: "?"'],
  "Query.currency": ['code: "EUR"', 'code: "usd"', 'code: "XXX"'],
  "Query.node": [`id: ${idOf("Country:CA")}`, `id: ${idOf("City:21")}`, `id: ${idOf("Airport:A40")}`, 'id: "forged"'],
  "Query.nodes": [
    `ids: [${idOf("City:10")}, ${idOf("Airport:A00")}]`,
    `ids: [${idOf("Country:CB")}, "forged", ${idOf("City:12")}, ${idOf("Country:CZ")}]`,
    "ids: []",
  ],
  "Query.search": ['text: "b", first: 6', 'text: "cc", first: $two', 'text: "ddd", first: 5', 'text: "a", first: -1'],
  "Country.cities": ["first: 3", "first: $two, where: { populationMin: 100000 }", "last: 2, orderBy: NAME_DESC"],
  "Country.airports": ["first: 2", "last: 1", "first: -1"],
  "City.nearestAirports": ["first: 4", "first: $two, withinKm: 500.5", "first: -1"],
  "City.sun": ['date: "2026-06-21"', "", 'date: "2026-12-21"', 'date: "1700-01-01"'],
  "Currency.rate": ['to: "USD"', 'to: "JPY"', 'to: "XXX"', 'to: "?"'],
};

/** The variables of the operations by name. */
export const variables = {
  yes: { type: "Boolean! = true", value: true },
  no: { type: "Boolean!", value: false },
  one: { type: "Int! = 1", value: 1 },
  two: { type: "Int", value: 2 },
  code: { type: "String!", value: "CB" },
} as const;
