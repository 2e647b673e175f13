import { describe, expect, test } from "vitest";
import { type AtlasResult, useAtlas } from "../support/atlas.ts";
import { testDatabases } from "../support/databases.ts";

/** Queries in which databases may differ: order, ties, filters, counts, limits, text comparison and arithmetic. */
const documents = {
  "the country page": `query { country(code: "NO") {
    id name officialName flag region subregion areaKm2 latitude longitude languages
    capital { id name population latitude longitude timeZone sun(date: "2026-06-21") { sunrise sunset solarNoon dayLengthMinutes } }
    currencies { code name symbol rate(to: "EUR") }
    borders { name capital { name } }
    cities(first: 20) { totalCount edges { cursor node { id name population } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    airports(first: 50) { totalCount edges { cursor node { id iata name elevationM municipality latitude longitude } } } } }`,
  "fifty countries": `query { countries(first: 50) { nodes { name capital { name nearestAirports { distanceKm airport { iata } } }
    cities(first: 3, orderBy: NAME_DESC) { totalCount nodes { name population } } airports(last: 2) { nodes { iata } } } } }`,
  "cities by name": `query { cities(first: 100, orderBy: NAME_ASC) { edges { cursor node { id name } } } }`,
  "cities by name from the end": `query { cities(last: 100, orderBy: NAME_ASC) { edges { cursor node { id name } } } }`,
  "the smallest cities, all tied": `query { cities(first: 100, orderBy: POPULATION_ASC) { totalCount edges { cursor node { id name population } } } }`,
  "a prefix with accents": `query { cities(first: 100, where: { nameStartsWith: "Œ" }, orderBy: NAME_ASC) { totalCount nodes { id name } } }`,
  "a short search": `query { search(text: "s", first: 50) { __typename ... on Node { id } } }`,
  "a search of words": `query { search(text: "san jo", first: 50) { __typename ... on Node { id } } }`,
};

describe("SQLite, PostgreSQL and MariaDB give the same result", () => {
  const [sqlite, postgres, mariadb] = testDatabases.map((name) => useAtlas(name));

  test.each(Object.entries(documents))("for %s, byte for byte", async (_name, document) => {
    const results = await Promise.all([sqlite, postgres, mariadb].map((atlas) => atlas?.query(document)));
    const [first, ...others] = results as AtlasResult<unknown>[];
    expect(first?.errors).toEqual([]);
    expect(first?.text.length).toBeGreaterThan(200);
    for (const other of others) expect(other.text).toBe(first?.text);
  });
});
