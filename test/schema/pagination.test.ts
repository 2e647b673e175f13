import { describe, expect, test } from "vitest";
import { type Atlas, useAtlas } from "../support/atlas.ts";
import { testDatabases } from "../support/databases.ts";

interface PageData<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

const page = "edges { cursor node { id name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

interface Item {
  readonly id: string;
  readonly name: string;
}

/** Reads all pages of a list, forward by `endCursor` or backward by `startCursor`. */
async function readAllPages(
  atlas: Atlas,
  document: string,
  path: (data: never) => PageData<Item>,
  direction: "forward" | "backward",
) {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 200; pages++) {
    const variables = direction === "forward" ? { first: 30, after: cursor } : { last: 30, before: cursor };
    const { data, errors } = await atlas.query<never>(document, variables);
    expect(errors).toEqual([]);
    const { edges, pageInfo } = path(data);
    const nodes = edges.map(({ node }) => node);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges[0]?.cursor ?? null,
      edges.at(-1)?.cursor ?? null,
    ]);
    if (direction === "forward") {
      items.push(...nodes);
      expect(pageInfo.hasPreviousPage).toBe(cursor !== null);
      if (!pageInfo.hasNextPage) return items;
      cursor = pageInfo.endCursor;
    } else {
      items.unshift(...nodes);
      expect(pageInfo.hasNextPage).toBe(cursor !== null);
      if (!pageInfo.hasPreviousPage) return items;
      cursor = pageInfo.startCursor;
    }
  }
  throw new Error("Expected at most 200 pages.");
}

describe.each(testDatabases)("pages on %s", (name) => {
  const atlas = useAtlas(name);
  const citiesOf = (order: string) => `query ($first: Int, $after: String, $last: Int, $before: String) {
    country(code: "IS") { cities(first: $first, after: $after, last: $last, before: $before, orderBy: ${order}) { ${page} } }
  }`;
  const path = (data: { country: { cities: PageData<Item> } }) => data.country.cities;

  test.each(["POPULATION_DESC", "POPULATION_ASC", "NAME_ASC", "NAME_DESC"])(
    "of all cities of Iceland by %s have each city once, in the same order forward and backward",
    async (order) => {
      const { data } = await atlas.query<{ country: { cities: { totalCount: number } } }>(
        `{ country(code: "IS") { cities { totalCount } } }`,
      );
      const forward = await readAllPages(atlas, citiesOf(order), path, "forward");
      const backward = await readAllPages(atlas, citiesOf(order), path, "backward");
      expect(backward).toEqual(forward);
      expect(new Set(forward.map(({ id }) => id)).size).toBe(data.country.cities.totalCount);
      expect(forward).toHaveLength(data.country.cities.totalCount);
    },
  );

  test("in descending order are the reverse of ascending order", async () => {
    const ascending = await readAllPages(atlas, citiesOf("NAME_ASC"), path, "forward");
    const descending = await readAllPages(atlas, citiesOf("NAME_DESC"), path, "forward");
    expect(descending).toEqual(ascending.toReversed());
  });

  test("of all countries have each of the 250 once, forward and backward", async () => {
    const document = `query ($first: Int, $after: String, $last: Int, $before: String) {
      countries(first: $first, after: $after, last: $last, before: $before) { ${page} }
    }`;
    const countries = (data: { countries: PageData<Item> }) => data.countries;
    const forward = await readAllPages(atlas, document, countries, "forward");
    expect(forward).toHaveLength(250);
    expect(await readAllPages(atlas, document, countries, "backward")).toEqual(forward);
  });

  test("of a country's airports have each airport once, large airports first", async () => {
    const document = `query ($first: Int, $after: String, $last: Int, $before: String) {
      country(code: "FR") { airports(first: $first, after: $after, last: $last, before: $before) { totalCount ${page} } }
    }`;
    const airports = (data: { country: { airports: PageData<Item> } }) => data.country.airports;
    const forward = await readAllPages(atlas, document, airports, "forward");
    expect(await readAllPages(atlas, document, airports, "backward")).toEqual(forward);
    expect(new Set(forward.map(({ id }) => id)).size).toBe(forward.length);
    expect(forward.slice(0, 20).map((airport) => airport.name)).toContain("Charles de Gaulle International Airport");
  });

  test("of cities with equal population do not repeat a city on the next page", async () => {
    const first = await atlas.query<{ cities: PageData<Item> }>(
      `{ cities(first: 100, where: { populationMax: 0 }) { ${page} } }`,
    );
    const second = await atlas.query<{ cities: PageData<Item> }>(
      `query ($after: String) { cities(first: 100, after: $after, where: { populationMax: 0 }) { ${page} } }`,
      { after: first.data.cities.pageInfo.endCursor },
    );
    const ids = [...first.data.cities.edges, ...second.data.cities.edges].map(({ node }) => node.id);
    expect(new Set(ids).size).toBe(200);
  });

  test("of size 0 are empty and have no cursors", async () => {
    const { data } = await atlas.query<{ cities: PageData<Item> }>(`{ cities(first: 0) { ${page} } }`);
    expect(data.cities).toMatchObject({
      edges: [],
      pageInfo: { startCursor: null, endCursor: null, hasNextPage: true },
    });
  });

  test("have only the cities that match a filter by name and population, ignoring case and accents", async () => {
    const { data } = await atlas.query<{
      cities: { totalCount: number; nodes: { name: string; population: number }[] };
    }>(
      `{ cities(where: { nameStartsWith: "SÃO j", populationMin: 200000, populationMax: 700000 }, orderBy: NAME_ASC) {
        totalCount nodes { name population } } }`,
    );
    expect(data.cities.nodes.map((city) => city.name)).toEqual(
      expect.arrayContaining(["São José", "São José do Rio Preto", "São José dos Campos"]),
    );
    expect(data.cities.totalCount).toBe(data.cities.nodes.length);
    for (const { population } of data.cities.nodes) {
      expect(population).toBeGreaterThanOrEqual(200_000);
      expect(population).toBeLessThanOrEqual(700_000);
    }
  });

  test("are an error that names the argument for a cursor of another list, order or filter", async () => {
    const { data } = await atlas.query<{ cities: PageData<Item> }>(`{ cities(first: 1) { ${page} } }`);
    const after = data.cities.pageInfo.endCursor;
    for (const field of [
      "cities(first: 1, after: $after, orderBy: NAME_ASC)",
      "cities(first: 1, after: $after, where: { populationMin: 5 })",
      "countries(first: 1, after: $after)",
    ]) {
      const { errors } = await atlas.query(`query ($after: String) { ${field} { nodes { id } } }`, { after });
      expect(errors).toEqual([
        expect.objectContaining({
          extensions: { code: "BAD_USER_INPUT" },
          message: expect.stringMatching(/^after: expected a cursor of this list/),
        }),
      ]);
    }
  });

  test.each([
    ["cities(first: 101)", "first: expected a number from 0 to 100, got 101."],
    ["cities(last: -1)", "last: expected a number from 0 to 100, got -1."],
    ["countries(first: 251)", "first: expected a number from 0 to 250, got 251."],
    ["cities(first: 1, last: 1)", "first, last: expected one of the two, got both."],
  ])("are an error with the documented range for %s", async (field, message) => {
    const { errors, calls } = await atlas.query(`{ ${field} { nodes { id } } }`);
    expect(errors).toEqual([expect.objectContaining({ message, extensions: { code: "BAD_USER_INPUT" } })]);
    expect(calls).toEqual([]);
  });
});
