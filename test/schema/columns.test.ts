import { isObjectType } from "graphql";
import { describe, expect, test } from "vitest";
import { schema } from "../../schema/index.ts";
import { useAtlas } from "../support/atlas.ts";

const atlas = useAtlas();

/** The selections of fields with arguments or subfields. */
const selections: Readonly<Record<string, string>> = {
  country: "country { code }",
  nearestAirports: "nearestAirports(first: 1, withinKm: 500) { distanceKm airport { iata name } }",
  sun: 'sun(date: "2026-06-21") { sunrise }',
};

const fieldsOf = (typeName: string): string[] => {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is not an object type.`);
  return Object.keys(type.getFields()).map((name) => selections[name] ?? name);
};

/** Queries that return cities from different readers; `…` is replaced with fields. */
const cityQueries = [
  '{ country(code: "PT") { capital { … } } }',
  '{ country(code: "PT") { cities(first: 2) { nodes { … } } } }',
  '{ country(code: "PT") { cities(last: 2, orderBy: NAME_DESC) { edges { cursor node { … } } } } }',
  "{ cities(first: 2, orderBy: POPULATION_ASC) { nodes { … } } }",
  '{ search(text: "lisbon") { ... on City { … } } }',
];

const airportQueries = [
  '{ airport(iata: "LIS") { … } }',
  '{ country(code: "PT") { airports(first: 2) { nodes { … } pageInfo { endCursor } } } }',
  '{ search(text: "lisbon") { ... on Airport { … } } }',
  '{ country(code: "PT") { capital { nearestAirports { airport { … } } } } }',
];

describe.each([
  ["City", cityQueries],
  ["Airport", airportQueries],
] as const)("a field of %s that is selected alone", (typeName, queries) => {
  test.each(queries)("has the same value as with all other fields, in %s", async (query) => {
    const fields = fieldsOf(typeName);
    const all = await atlas.query(query.replace("…", fields.join(" ")));
    expect(all.errors).toEqual([]);
    for (const field of fields) {
      const alone = await atlas.query(query.replace("…", field));
      expect(alone.errors, field).toEqual([]);
      expect(all.data, field).toMatchObject(alone.data as object);
    }
  });
});

test("two fields that return the same city read its row once, even if they select different fields", async () => {
  const { data } = await atlas.query<{ country: { capital: { id: string } } }>(
    '{ country(code: "PT") { capital { id } } }',
  );
  const { calls, errors } = await atlas.query(
    "query ($id: ID!) { a: city(id: $id) { name } b: city(id: $id) { population } c: node(id: $id) { ... on City { timeZone } } }",
    { id: data.country.capital.id },
  );
  expect(errors).toEqual([]);
  expect(calls.map(({ call, keys, rows }) => ({ call, keys, rows }))).toEqual([
    { call: "citiesById", keys: 1, rows: 1 },
  ]);
});
