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

describe("a variable can be the result of a query", () => {
  const data = { names: [{ id: "n0" }, { id: "n1" }] };
  const found = async (value: Parameters<typeof resolveValues>[0][string], answer: unknown = data) =>
    (await resolveValues({ value }, async () => answer)).value;

  test("with one field per level: its value", async () => {
    expect(await found({ $query: "{ name(id: 1) { id } }" }, { name: { id: "n1" } })).toBe("n1");
  });

  test("with a list on the path: a list of values", async () => {
    expect(await found({ $query: "{ names { id } }" })).toEqual(["n0", "n1"]);
  });

  test("also inside lists and objects", async () => {
    const answer = { name: { id: "n1" } };
    expect(await found([{ where: { id: { $query: "{ name { id } }" } } }], answer)).toEqual([{ where: { id: "n1" } }]);
  });

  test.each([
    ["null", { name: null }],
    ["an object with 2 fields", { name: { id: 1, name: 2 } }],
  ])("but not when it finds %s", async (what, answer) => {
    await expect(found({ $query: "{ name { id } }" }, answer)).rejects.toThrow(
      `operations/variables.json: $query { name { id } } has to select one field per level and find a value, got ${what}.`,
    );
  });

  test("and the message about a failed query names the operation", async () => {
    const variables = { Name: { small: { id: { $query: "{ nonsense }" } }, large: { id: "n2" } } };
    await expect(check(app(), { name: "query Name($id: ID!) { name(id: $id) { id } }" }, variables)).rejects.toThrow(
      'operations/variables.json, Name: $query { nonsense } failed: Cannot query field "nonsense" on type "Query".',
    );
  });
});

test("the message about an undeclared variable has the declared ones", async () => {
  const variables = { Names: { small: { first: 2 }, large: { frist: 4 } } };
  const { findings } = await check(
    app(),
    { names: "query Names($first: Int!) { names(first: $first) { id } }" },
    variables,
  );
  expect(findings.map(({ headline }) => headline)).toEqual([
    "operations/names.graphql (Names): operations/variables.json has $frist for it, but the operation declares $first.",
  ]);
});

test.each([["{"], ['{"Names":{"small":{}}}'], ['{"Names":{"small":{},"large":{},"huge":{}}}']])(
  "the message about an invalid file names it: %s",
  async (text) => {
    const folder = operationsFolder({});
    folder.write({ "operations/variables.json": text });
    await expect(readVariables(folder.root)).rejects.toThrow(/^operations\/variables\.json is /);
  },
);
