import SchemaBuilder from "@pothos/core";
import { buildSchema, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { printContract } from "../../../src/commands/printed-schema.ts";
import { costDirectives } from "../../../src/core/cost-directives.ts";
import { connectionTypes } from "../../../src/pothos/index.ts";
import { estimatorOf } from "./support/estimate.ts";

function pothosSchema(): GraphQLSchema {
  const builder = new SchemaBuilder<{ DefaultFieldNullability: false }>({ defaultFieldNullability: false });
  const { connectionType, connectionArguments } = connectionTypes(builder);
  const CityRef = builder.objectRef<{ name: string }>("City");
  const CityType = CityRef.implement({
    weight: 2,
    fields: (t) => ({
      name: t.exposeString("name"),
      sun: t.string({ weight: 10, args: { day: t.arg.string({ weight: 3 }) }, resolve: () => "" }),
      neighbors: t.field({ type: [CityRef], listSize: { assumedSize: 5 }, resolve: () => [] }),
    }),
  });
  const CityConnection = connectionType(CityType);
  const FilterType = builder.inputType("Filter", {
    fields: (t) => ({ text: t.string({ weight: 4 }), plain: t.string() }),
  });
  builder.queryType({
    fields: (t) => ({
      city: t.field({ type: CityType, args: { filter: t.arg({ type: FilterType }) }, resolve: () => ({ name: "" }) }),
      cities: t.field({
        type: CityConnection,
        args: connectionArguments(t.arg, 50),
        resolve: () => ({ page: () => ({ items: [] }) }) as never,
      }),
    }),
  });
  return builder.toSchema();
}

describe("the options of Pothos", () => {
  test.each([
    [1 + 2 + 10 + 3, `{ city { sun(day: "1") } }`],
    [1 + 2 + 5 * 2, "{ city { neighbors { name } } }"],
    [1 + 2 + 4, `{ city(filter: { text: "a", plain: "b" }) { name } }`],
    [1 + 1 + 20 * 2, "{ cities { nodes { name } } }"],
    [1 + 1 + 7 * 3, "{ cities(last: 7) { edges { node { name } } } }"],
    [1 + 1 + 50 * 2, "{ cities(first: 1000) { nodes { name } } }"],
  ])("cost %d: %s", (cost, query) => {
    expect(estimatorOf(pothosSchema())(query)).toBe(cost);
  });

  test("are printed as directives, and the printed schema has the same costs", () => {
    const printed = printContract(pothosSchema());
    expect(printed).toContain("directive @cost(");
    expect(printed).toContain("directive @listSize(");
    expect(printed).toContain('type City @cost(weight: "2") {');
    expect(printed).toContain('sun(day: String @cost(weight: "3")): String! @cost(weight: "10")');
    expect(printed).toContain("neighbors: [City!]! @listSize(assumedSize: 5)");
    expect(printed).toContain('text: String @cost(weight: "4")');
    expect(printed).toMatch(
      /: CityConnection! @listSize\(assumedSize: 20, slicingArguments: \["first", "last"\], .*maxSize: 50\)/,
    );
    const query = `{ city(filter: { text: "a" }) { sun(day: "1") neighbors { name } } cities(first: 3) { nodes { name } } }`;
    expect(estimatorOf(buildSchema(printed))(query)).toBe(estimatorOf(pothosSchema())(query));
  });

  test("that are not used leave the printed schema as it is", () => {
    expect(printContract(buildSchema("type Query { a: Int }"))).not.toContain("@cost");
  });
});

test("directives of an SDL that defines them are printed once", () => {
  const printed = printContract(
    buildSchema(
      `${costDirectives} interface I { a: Int @cost(weight: "2") } type Query implements I { a: Int @cost(weight: "2") @deprecated }`,
    ),
  );
  expect(printed.match(/directive @cost/g)).toHaveLength(1);
  expect(printed.match(/a: Int @cost\(weight: "2"\)/g)).toHaveLength(2);
  expect(printed).toContain('a: Int @cost(weight: "2") @deprecated');
});

test("a field without a declaration has that of its interface", () => {
  const estimate = estimatorOf(`
    type Query { items: I } interface I { a: [I!] @listSize(assumedSize: 3) b: Int @cost(weight: "5") }
    type A implements I { a: [I!] b: Int }
  `);
  expect(estimate("{ items { a { b } } }")).toBe(1 + 1 + 3 * (1 + 5));
});

test.each([
  ["as Pothos' plugin writes them", { cost: { weight: "7" }, listSize: { assumedSize: 2 } }],
  ["as GraphQL Tools writes them", { cost: [{ weight: "7" }], listSize: [{ assumedSize: 2 }] }],
  [
    "in a list with names",
    [
      { name: "cost", args: { weight: "7" } },
      { name: "listSize", args: { assumedSize: 2 } },
    ],
  ],
])("directives in the extensions count %s", (_, directives) => {
  const item = new GraphQLObjectType({ name: "Item", fields: { n: { type: GraphQLInt } } });
  const items = { type: new GraphQLList(item), extensions: { directives } };
  const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: "Query", fields: { items } }) });
  expect(estimatorOf(schema)("{ items { n } }")).toBe(1 + 7 + 2);
});
