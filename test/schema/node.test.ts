import { describe, expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

describe("node(id:)", () => {
  const atlas = useAtlas();

  test("returns the object of each id, with the same id", async () => {
    const { data } = await atlas.query<
      Record<"country" | "airport", { id: string }> & { cities: { nodes: { id: string }[] } }
    >(`{ country(code: "JP") { id } airport(iata: "NRT") { id } cities(first: 2) { nodes { id } } }`);
    const ids = [data.country.id, data.airport.id, ...data.cities.nodes.map(({ id }) => id)];
    const found = await atlas.query<{ nodes: { id: string; __typename: string; name: string }[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Country { name } ... on City { name } ... on Airport { name } } }`,
      { ids },
    );
    expect(found.errors).toEqual([]);
    expect(found.data.nodes.map(({ id }) => id)).toEqual(ids);
    expect(found.data.nodes.map(({ __typename }) => __typename)).toEqual(["Country", "Airport", "City", "City"]);
    for (const id of ids) {
      const one = await atlas.query<{ node: { id: string } }>(`query ($id: ID!) { node(id: $id) { id } }`, { id });
      expect(one.data.node.id).toBe(id);
    }
  });

  test("reads any number of nodes of one type with one call", async () => {
    const { data } = await atlas.query<{ cities: { nodes: { id: string }[] } }>(
      `{ cities(first: 100) { nodes { id } } }`,
    );
    const { calls } = await atlas.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
      ids: data.cities.nodes.map(({ id }) => id),
    });
    expect(calls.map(({ call, keys }) => ({ call, keys }))).toEqual([{ call: "citiesById", keys: 100 }]);
  });

  test("returns null, not an error, for the id of an object that does not exist", async () => {
    const ids = [encoded("City:1"), encoded("Country:ZZ"), encoded("Airport:QQQ")];
    const { data, errors } = await atlas.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
    expect({ data, errors }).toEqual({ data: { nodes: [null, null, null] }, errors: [] });
  });

  test.each(["", "DE", "not an id", encoded("City:abc"), encoded("User:1"), `${encoded("City:1")}==`])(
    "returns BAD_USER_INPUT for the invalid id %j",
    async (id) => {
      const { data, errors } = await atlas.query(`query ($id: ID!) { node(id: $id) { id } }`, { id });
      expect(data).toEqual({ node: null });
      expect(errors).toEqual([expect.objectContaining({ path: ["node"], extensions: { code: "BAD_USER_INPUT" } })]);
    },
  );

  test("returns an error at the list index of an invalid id, and the other nodes", async () => {
    const ids = [encoded("Country:FR"), "invalid"];
    const { data, errors } = await atlas.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
    expect(data).toEqual({ nodes: [{ id: ids[0] }, null] });
    expect(errors).toEqual([expect.objectContaining({ path: ["nodes", 1], extensions: { code: "BAD_USER_INPUT" } })]);
  });

  test("is BAD_USER_INPUT for city(id:) with the id of another type", async () => {
    const { errors } = await atlas.query(`{ city(id: "${encoded("Country:FR")}") { id } }`);
    expect(errors).toEqual([
      expect.objectContaining({
        message: "id: expected the id of a City, got the id of a Country.",
        extensions: { code: "BAD_USER_INPUT" },
      }),
    ]);
  });

  test("returns an error without a call for more ids than the documented maximum", async () => {
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

describe("arguments", () => {
  const atlas = useAtlas();

  test.each(["DE", "de", "DEU", "deu", "dEu"])("country(code:) accepts %s", async (code) => {
    const { data } = await atlas.query(`query ($code: String!) { country(code: $code) { code code3 } }`, { code });
    expect(data).toEqual({ country: { code: "DE", code3: "DEU" } });
  });

  test.each([
    ['country(code: "D") { name }', 'code: expected an ISO 3166-1 code of 2 or 3 letters, got "D".'],
    ['country(code: "D&") { name }', 'code: expected an ISO 3166-1 code of 2 or 3 letters, got "D&".'],
    ['airport(iata: "CDGX") { name }', 'iata: expected an IATA code of 3 letters or digits, got "CDGX".'],
    ['currency(code: "EURO") { name }', 'code: expected an ISO 4217 code of 3 letters, got "EURO".'],
  ])("%s is BAD_USER_INPUT with the expected format and the value", async (field, message) => {
    const { errors, calls } = await atlas.query(`{ ${field} }`);
    expect(errors).toEqual([expect.objectContaining({ message, extensions: { code: "BAD_USER_INPUT" } })]);
    expect(calls).toEqual([]);
  });

  test("a valid code that does not exist returns null, not an error", async () => {
    const { data, errors } = await atlas.query(
      `{ country(code: "ZZ") { name } airport(iata: "QQQ") { name } currency(code: "QQQ") { name } }`,
    );
    expect({ data, errors }).toEqual({ data: { country: null, airport: null, currency: null }, errors: [] });
  });

  test.each(["1899-12-31", "2151-01-01", "9999-12-31"])(
    "the date %s, outside the range of the sun service, is BAD_USER_INPUT",
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
    "a text longer than any name is BAD_USER_INPUT without a call",
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

  test("a date that does not exist is an error with the expected format", async () => {
    const { errors } = await atlas.query(`{ cities(first: 1) { nodes { sun(date: "2026-02-30") { sunrise } } } }`);
    expect(errors[0]?.message).toContain('Expected a date such as "2026-06-21", got "2026-02-30".');
  });
});
