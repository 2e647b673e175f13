import { describe, expect, test } from "vitest";
import { readVariables, resolveValues } from "../../../src/commands/calls/variables.ts";
import { check, operationsFolder, toyApp } from "./toy-app.ts";

const app = () =>
  toyApp("type Query { names(first: Int!): [Name!]! name(id: ID!): Name } type Name { id: ID! }", {
    Query: {
      names: (_, { first }) => Array.from({ length: Number(first) }, (_item, index) => ({ id: `n${index}` })),
      name: (_, { id }) => ({ id }),
    },
  });

describe("a variable can be what a query finds", () => {
  const data = { names: [{ id: "n0" }, { id: "n1" }] };
  const found = async (value: Parameters<typeof resolveValues>[0][string], answer: unknown = data) =>
    (await resolveValues({ value }, async () => answer)).value;

  test("one value at the end of one field a level", async () => {
    expect(await found({ $query: "{ name(id: 1) { id } }" }, { name: { id: "n1" } })).toBe("n1");
  });

  test("a list where the way leads through a list", async () => {
    expect(await found({ $query: "{ names { id } }" })).toEqual(["n0", "n1"]);
  });

  test("also inside of lists and objects", async () => {
    const answer = { name: { id: "n1" } };
    expect(await found([{ where: { id: { $query: "{ name { id } }" } } }], answer)).toEqual([{ where: { id: "n1" } }]);
  });

  test.each([
    ["null", { name: null }],
    ["2 fields", { name: { id: 1, name: 2 } }],
  ])("but not when it finds %s", async (what, answer) => {
    await expect(found({ $query: "{ name { id } }" }, answer)).rejects.toThrow(
      `operations/variables.json: { name { id } } must lead to one value, and found ${what} on its way.`,
    );
  });

  test("and a query without an answer is named with the operation", async () => {
    const variables = { Name: { small: { id: { $query: "{ nonsense }" } }, large: { id: "n2" } } };
    await expect(check(app(), { name: "query Name($id: ID!) { name(id: $id) { id } }" }, variables)).rejects.toThrow(
      'operations/variables.json, Name: { nonsense } has no answer: Cannot query field "nonsense" on type "Query".',
    );
  });
});

test("a variable that the operation does not declare is named, with those that it does", async () => {
  const variables = { Names: { small: { first: 2 }, large: { frist: 4 } } };
  const { findings } = await check(
    app(),
    { names: "query Names($first: Int!) { names(first: $first) { id } }" },
    variables,
  );
  expect(findings.map(({ headline }) => headline)).toEqual([
    "operations/names.graphql (Names): operations/variables.json gives it $frist, which it does not declare. It declares $first.",
  ]);
});

test.each([["{"], ['{"Names":{"small":{}}}'], ['{"Names":{"small":{},"large":{},"huge":{}}}']])(
  "a file that is not what it should be is named: %s",
  async (text) => {
    const folder = operationsFolder({});
    folder.write({ "operations/variables.json": text });
    await expect(readVariables(folder.root)).rejects.toThrow(/^operations\/variables\.json is /);
  },
);
