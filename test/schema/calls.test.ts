import { describe, expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";
import { testDatabases } from "../support/databases.ts";

const countriesPage = `query ($first: Int!) {
  countries(first: $first) {
    totalCount
    nodes {
      name
      capital { name nearestAirports { airport { iata } } }
      currencies { code rate(to: "USD") }
      borders { name }
      cities(first: 3) { totalCount nodes { name country { name } } }
      airports(first: 2) { nodes { iata } }
    }
  }
}`;

describe.each(testDatabases)("calls to sources on %s", (name) => {
  const atlas = useAtlas(name);

  test("a page of 50 countries makes the same calls as a page of 5", async () => {
    const few = await atlas.query(countriesPage, { first: 5 });
    const many = await atlas.query(countriesPage, { first: 50 });
    expect(many.errors).toEqual([]);
    const names = (calls: typeof many.calls) => calls.map(({ source, call }) => `${source}.${call}`).sort();
    expect(names(many.calls)).toEqual(names(few.calls));
    expect(names(many.calls)).toEqual([
      "countries.countCountries",
      "countries.countries",
      "countries.countriesByCode3",
      "database.airportsByCountry",
      "database.airportsNear",
      "database.capitals",
      "database.citiesByCountry",
      "database.countCitiesByCountry",
      "rates.rates",
    ]);
  });

  test("independent calls of a level are parallel", async () => {
    const { calls } = await atlas.query(countriesPage, { first: 5 });
    const independent = [
      "capitals",
      "rates",
      "countriesByCode3",
      "citiesByCountry",
      "countCitiesByCountry",
      "airportsByCountry",
    ];
    const level = calls.filter(({ call }) => independent.includes(call));
    expect(level).toHaveLength(independent.length);
    // A response from the HTTP cache ends at once.
    const sent = level.filter(({ cached }) => !cached);
    const firstEnd = Math.min(...sent.map(({ startMs, durationMs }) => startMs + durationMs));
    for (const { call, startMs } of level) expect(startMs, call).toBeLessThanOrEqual(firstEnd);
  });

  test("a field with other arguments is one more call, not one per parent", async () => {
    const { calls, errors } = await atlas.query(`{
      countries(first: 10) {
        nodes {
          large: cities(first: 2, where: { populationMin: 100000 }) { nodes { name } }
          small: cities(first: 2, orderBy: POPULATION_ASC) { nodes { name } }
          again: cities(first: 2, where: { populationMin: 100000, nameStartsWith: null }) { totalCount }
        }
      }
    }`);
    expect(errors).toEqual([]);
    expect(calls.map(({ call }) => call)).toEqual([
      "countries",
      "citiesByCountry",
      "citiesByCountry",
      "countCitiesByCountry",
    ]);
  });

  test("a connection is counted only for `totalCount`, and its page is read only for items and `pageInfo`", async () => {
    const page = await atlas.query(`{ cities(first: 2) { nodes { name } pageInfo { hasNextPage endCursor } } }`);
    expect(page.calls.map(({ call, rows }) => ({ call, rows }))).toEqual([{ call: "cities", rows: 3 }]);
    const count = await atlas.query(`{ cities { totalCount } }`);
    expect(count.calls.map(({ call, rows }) => ({ call, rows }))).toEqual([{ call: "countCities", rows: 1 }]);
  });

  test("a country that occurs twice is read once", async () => {
    const { calls } = await atlas.query(`{
      a: country(code: "de") { name borders { code3 borders { name } } }
      b: country(code: "DE") { officialName }
    }`);
    expect(calls.map(({ call, keys }) => ({ call, keys }))).toEqual([
      { call: "countriesByCode", keys: 1 },
      { call: "countriesByCode3", keys: 9 },
      expect.objectContaining({ call: "countriesByCode3" }),
    ]);
  });

  test("the sun service is called once per city, also for a city that occurs twice", async () => {
    const { calls, errors } = await atlas.query(`{
      a: country(code: "FR") { cities(first: 5) { nodes { sun(date: "2026-06-21") { sunrise } } } }
      b: country(code: "FR") { capital { sun(date: "2026-06-21") { sunset } } }
    }`);
    expect(errors).toEqual([]);
    expect(calls.filter(({ source }) => source === "sun")).toHaveLength(5);
  });
});
