import { isObjectType } from "graphql";
import { describe, expect, test } from "vitest";
import { schema } from "../../schema/index.ts";
import { useAtlas } from "../support/atlas.ts";

const atlas = useAtlas();

/** How each field is asked for that takes more than its name. */
const selections: Readonly<Record<string, string>> = {
  country: "country { code }",
  nearestAirports: "nearestAirports(first: 1, withinKm: 500) { distanceKm airport { iata name } }",
  sun: 'sun(date: "2026-06-21") { sunrise }',
};

const fieldsOf = (typeName: string): string[] => {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type.`);
  return Object.keys(type.getFields()).map((name) => selections[name] ?? name);
};

/** The ways to a city, each of which reads its row by another reader; `…` stands for what is asked of it. */
const waysToACity = [
  '{ country(code: "PT") { capital { … } } }',
  '{ country(code: "PT") { cities(first: 2) { nodes { … } } } }',
  '{ country(code: "PT") { cities(last: 2, orderBy: NAME_DESC) { edges { cursor node { … } } } } }',
  "{ cities(first: 2, orderBy: POPULATION_ASC) { nodes { … } } }",
  '{ search(text: "lisbon") { ... on City { … } } }',
];

const waysToAnAirport = [
  '{ airport(iata: "LIS") { … } }',
  '{ country(code: "PT") { airports(first: 2) { nodes { … } pageInfo { endCursor } } } }',
  '{ search(text: "lisbon") { ... on Airport { … } } }',
  '{ country(code: "PT") { capital { nearestAirports { airport { … } } } } }',
];

describe.each([
  ["City", waysToACity],
  ["Airport", waysToAnAirport],
] as const)("a field of %s that is asked for alone", (typeName, ways) => {
  test.each(ways)("has the value that it has among all the others, in %s", async (way) => {
    const fields = fieldsOf(typeName);
    const all = await atlas.query(way.replace("…", fields.join(" ")));
    expect(all.errors).toEqual([]);
    for (const field of fields) {
      const alone = await atlas.query(way.replace("…", field));
      expect(alone.errors, field).toEqual([]);
      expect(all.data, field).toMatchObject(alone.data as object);
    }
  });
});

test("two fields that ask for one city share its row, whatever they need of it", async () => {
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
