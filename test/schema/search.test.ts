import { describe, expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";
import { testDatabases } from "../support/databases.ts";

interface Result {
  readonly __typename: "Country" | "City" | "Airport";
  readonly name: string;
  readonly iata?: string;
}

describe.each(testDatabases)("search on %s", (databaseName) => {
  const atlas = useAtlas(databaseName);

  const search = async (text: string, first = 10) => {
    const { data, errors } = await atlas.query<{ search: Result[] }>(
      `query ($text: String!, $first: Int) { search(text: $text, first: $first) {
        __typename ... on Country { name } ... on City { name } ... on Airport { name iata } } }`,
      { text, first },
    );
    expect(errors).toEqual([]);
    return data.search;
  };
  const best = async (text: string) => (await search(text))[0];

  test.each([
    ["sao paulo", "City", "São Paulo"],
    ["zurich", "City", "Zürich"],
    ["ZÜRICH", "City", "Zürich"],
    ["new york", "City", "New York City"],
    ["york new", "City", "New York City"],
    ["germany", "Country", "Germany"],
    ["curacao", "Country", "Curaçao"],
    ["deu", "Country", "Germany"],
    ["niger", "Country", "Niger"],
    ["guinea", "Country", "Guinea"],
    ["cdg", "Airport", "Charles de Gaulle International Airport"],
    ["gaulle", "Airport", "Charles de Gaulle International Airport"],
    ["berlin", "City", "Berlin"],
    ["nukualofa", "City", "Nuku‘alofa"],
  ])("%j finds the %s %s first", async (text, type, name) => {
    expect(await best(text)).toMatchObject({ __typename: type, name });
  });

  test.each([
    ["lax", "Los Angeles International Airport"],
    ["LAX", "Los Angeles International Airport"],
    ["bos", "Logan International Airport"],
    ["ber", "Berlin Brandenburg Airport"],
  ])("the code %j finds its airport before names that start with it", async (code, name) => {
    expect(await best(code)).toMatchObject({ __typename: "Airport", name, iata: code.toUpperCase() });
  });

  test.each([
    ["mad", "Mád", "Adolfo Suárez Madrid–Barajas Airport"],
    ["san", "San", "San Diego International Airport"],
  ])("the text %j finds the city with that name, then the airport with that code", async (code, city, airport) => {
    expect((await search(code)).slice(0, 2)).toEqual([
      { __typename: "City", name: city },
      { __typename: "Airport", name: airport, iata: code.toUpperCase() },
    ]);
  });

  test.each([
    ["sao paulo", "São Paulo", ["GRU", "CGH"]],
    ["new york", "New York City", ["JFK", "LGA"]],
  ])("the words of %j find the city first, then its airports", async (text, city, codes) => {
    const results = await search(text, 20);
    expect(results[0]).toMatchObject({ __typename: "City", name: city });
    expect(results.map(({ iata }) => iata)).toEqual(expect.arrayContaining(codes));
  });

  test.each(["jfk new york", "york kennedy", "kennedy jfk", "intern kenn new"])(
    "%j finds an airport by words of its name, code and municipality",
    async (text) => {
      expect(await best(text)).toMatchObject({ __typename: "Airport", iata: "JFK" });
    },
  );

  test("a prefix of a word finds larger cities first", async () => {
    const names = (await search("tok")).map(({ name }) => name);
    expect(names.indexOf("Tokyo")).toBeGreaterThanOrEqual(0);
    expect(names.indexOf("Tokyo")).toBeLessThan(3);
  });

  test("a name of several cities finds the largest city first", async () => {
    const { data } = await atlas.query<{ search: { name: string; country: { code: string } }[] }>(
      `{ search(text: "paris", first: 5) { ... on City { name country { code } } } }`,
    );
    expect(data.search[0]).toEqual({ name: "Paris", country: { code: "FR" } });
  });

  test.each(["", "   ", "!?", "qqqqzzzz", "%", "_", "' or qqqq=qqqq --"])(
    "%j finds nothing, without an error",
    async (text) => {
      expect(await search(text)).toEqual([]);
    },
  );

  test("`first` limits the results, and a value above the documented maximum is an error", async () => {
    expect(await search("san", 3)).toHaveLength(3);
    expect(await search("san", 0)).toEqual([]);
    const { errors } = await atlas.query(`{ search(text: "san", first: 51) { __typename } }`);
    expect(errors).toEqual([
      expect.objectContaining({
        message: "first: expected a number from 0 to 50, got 51.",
        extensions: { code: "BAD_USER_INPUT" },
      }),
    ]);
  });

  test("a search makes one call to the countries service, one to the database, and one per type of result", async () => {
    const { calls } = await atlas.query(`{ search(text: "paris", first: 20) { __typename } }`);
    expect(calls.map(({ source, call }) => `${source}.${call}`).sort()).toEqual([
      "countries.countriesByName",
      "database.airportsById",
      "database.citiesById",
      "database.search",
    ]);
  });
});
