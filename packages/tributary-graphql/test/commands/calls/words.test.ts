import { expect, test } from "vitest";
import { originWords } from "../../../src/commands/calls/words.ts";

const named = { name: "citiesOf", location: "resolvers/country.ts:52" };
const inline = { name: "resolve", location: "packages/tributary-graphql/src/pothos/connection.ts:63" };
const parent = { coordinate: "Country.cities", resolver: named };
const path = ["country", "cities", "nodes"];

test.each([
  ["its resolver", "Country.cities, resolved by citiesOf (resolvers/country.ts:52)", { ...parent, path }],
  [
    "the field above it, where its own resolver is one of many",
    "CityConnection.nodes of Country.cities, resolved by citiesOf (resolvers/country.ts:52)",
    { coordinate: "CityConnection.nodes", resolver: inline, path, parent },
  ],
  [
    "its place in the answer, where that has no name either",
    "CityConnection.nodes at country.cities.nodes, resolved in packages/tributary-graphql/src/pothos/connection.ts:63",
    { coordinate: "CityConnection.nodes", resolver: inline, path, parent: { ...parent, resolver: inline } },
  ],
  [
    "its place alone, where no file of ours resolves it",
    "City.name at country.cities.nodes",
    { coordinate: "City.name", resolver: { name: "defaultFieldResolver", location: undefined }, path },
  ],
  ["nothing, where no field made it", "something outside of a field's resolver", undefined],
])("a call is told by the field that made it and %s", (_what, words, origin) => {
  expect(originWords(origin)).toBe(words);
});
