import { describe, expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

describe("node(id:)", () => {
  const atlas = useAtlas();

  test("opens whatever any id came from, and gives the same thing again", async () => {
    const { data } = await atlas.query<
      Record<"country" | "airport", { id: string }> & { cities: { nodes: { id: string }[] } }
    >(`{ country(code: "JP") { id } airport(iata: "NRT") { id } cities(first: 2) { nodes { id } } }`);
    const ids = [data.country.id, data.airport.id, ...data.cities.nodes.map(({ id }) => id)];
    const opened = await atlas.query<{ nodes: { id: string; __typename: string; name: string }[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Country { name } ... on City { name } ... on Airport { name } } }`,
      { ids },
    );
    expect(opened.errors).toEqual([]);
    expect(opened.data.nodes.map(({ id }) => id)).toEqual(ids);
    expect(opened.data.nodes.map(({ __typename }) => __typename)).toEqual(["Country", "Airport", "City", "City"]);
    for (const id of ids) {
      const one = await atlas.query<{ node: { id: string } }>(`query ($id: ID!) { node(id: $id) { id } }`, { id });
      expect(one.data.node.id).toBe(id);
    }
  });

  test("nodes of one kind are one call, however many", async () => {
    const { data } = await atlas.query<{ cities: { nodes: { id: string }[] } }>(
      `{ cities(first: 100) { nodes { id } } }`,
    );
    const { calls } = await atlas.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
      ids: data.cities.nodes.map(({ id }) => id),
    });
    expect(calls.map(({ call, keys }) => ({ call, keys }))).toEqual([{ call: "citiesById", keys: 100 }]);
  });

  test("an id of something that does not exist is null, not an error", async () => {
    const ids = [encoded("City:1"), encoded("Country:ZZ"), encoded("Airport:QQQ")];
    const { data, errors } = await atlas.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
    expect({ data, errors }).toEqual({ data: { nodes: [null, null, null] }, errors: [] });
  });

  test.each(["", "DE", "not an id", encoded("City:abc"), encoded("User:1"), `${encoded("City:1")}==`])(
    "the forged id %j is bad input",
    async (id) => {
      const { data, errors } = await atlas.query(`query ($id: ID!) { node(id: $id) { id } }`, { id });
      expect(data).toEqual({ node: null });
      expect(errors).toEqual([expect.objectContaining({ path: ["node"], extensions: { code: "BAD_USER_INPUT" } })]);
    },
  );

  test("one forged id among others is an error in its own place", async () => {
    const ids = [encoded("Country:FR"), "forged"];
    const { data, errors } = await atlas.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
    expect(data).toEqual({ nodes: [{ id: ids[0] }, null] });
    expect(errors).toEqual([expect.objectContaining({ path: ["nodes", 1], extensions: { code: "BAD_USER_INPUT" } })]);
  });

  test("city(id:) takes the id of a city only", async () => {
    const { errors } = await atlas.query(`{ city(id: "${encoded("Country:FR")}") { id } }`);
    expect(errors).toEqual([
      expect.objectContaining({
        message: "id: expected the id of a City, got that of a Country.",
        extensions: { code: "BAD_USER_INPUT" },
      }),
    ]);
  });

  test("more ids than documented are refused before anything is read", async () => {
    const ids = Array.from({ length: 101 }, (_, index) => encoded(`City:${index + 1}`));
    const { errors, calls } = await atlas.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
    expect(errors).toEqual([
      expect.objectContaining({
        message: "ids: expected at most 100 ids, got 101.",
        extensions: { code: "BAD_USER_INPUT" },
      }),
    ]);
    expect(calls).toEqual([]);
  });
});

describe("codes", () => {
  const atlas = useAtlas();

  test.each(["DE", "de", "DEU", "deu", "dEu"])("the country code %s is taken in any case and length", async (code) => {
    const { data } = await atlas.query(`query ($code: String!) { country(code: $code) { code code3 } }`, { code });
    expect(data).toEqual({ country: { code: "DE", code3: "DEU" } });
  });

  test.each([
    ['country(code: "D") { name }', 'code: expected an ISO 3166-1 code of 2 or 3 letters, got "D".'],
    ['country(code: "D&") { name }', 'code: expected an ISO 3166-1 code of 2 or 3 letters, got "D&".'],
    ['airport(iata: "CDGX") { name }', 'iata: expected an IATA code of 3 letters or digits, got "CDGX".'],
    ['currency(code: "EURO") { name }', 'code: expected an ISO 4217 code of 3 letters, got "EURO".'],
  ])("%s is bad input that says what was expected and what came", async (field, message) => {
    const { errors, calls } = await atlas.query(`{ ${field} }`);
    expect(errors).toEqual([expect.objectContaining({ message, extensions: { code: "BAD_USER_INPUT" } })]);
    expect(calls).toEqual([]);
  });

  test("a well-formed code of nothing is null, not an error", async () => {
    const { data, errors } = await atlas.query(
      `{ country(code: "ZZ") { name } airport(iata: "QQQ") { name } currency(code: "QQQ") { name } }`,
    );
    expect({ data, errors }).toEqual({ data: { country: null, airport: null, currency: null }, errors: [] });
  });

  test.each(["1899-12-31", "2151-01-01", "9999-12-31"])(
    "the day %s, which the sun service does not compute, is bad input",
    async (date) => {
      const { data, errors, calls } = await atlas.query(
        `query ($date: Date!) { cities(first: 1) { nodes { name sun(date: $date) { sunrise } } } }`,
        { date },
      );
      expect(data).toEqual({ cities: { nodes: [{ name: "Shanghai", sun: null }] } });
      expect(errors).toEqual([
        expect.objectContaining({
          message: `date: expected a day from 1900-01-01 to 2150-12-31, got ${date}.`,
          extensions: { code: "BAD_USER_INPUT" },
        }),
      ]);
      expect(calls.map(({ source }) => source)).toEqual(["database"]);
    },
  );

  test.each(["a".repeat(71), "a".repeat(100_000), "ﷺ".repeat(20)])(
    "a text longer than any name is bad input, not a call",
    async (text) => {
      for (const field of [
        "search(text: $text) { __typename }",
        "countries(search: $text) { totalCount }",
        "cities(where: { nameStartsWith: $text }) { totalCount }",
      ]) {
        const { errors, calls } = await atlas.query(`query ($text: String!) { ${field} }`, { text });
        expect(errors).toEqual([
          expect.objectContaining({
            message: expect.stringMatching(/expected at most 70 letters and spaces, got \d+\.$/),
            extensions: { code: "BAD_USER_INPUT" },
          }),
        ]);
        expect(calls).toEqual([]);
      }
    },
  );

  test("a date that no calendar has is bad input", async () => {
    const { errors } = await atlas.query(`{ cities(first: 1) { nodes { sun(date: "2026-02-30") { sunrise } } } }`);
    expect(errors[0]?.message).toContain('Expected a date such as "2026-06-21", got "2026-02-30".');
  });
});
