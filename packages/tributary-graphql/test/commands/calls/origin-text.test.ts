import { expect, test } from "vitest";
import { originText } from "../../../src/commands/calls/origin-text.ts";

const named = { name: "citiesOf", location: "resolvers/country.ts:52" };
const inline = { name: "resolve", location: "packages/tributary-graphql/src/pothos/connection.ts:63" };
const parent = { coordinate: "Country.cities", resolver: named };
const path = ["country", "cities", "nodes"];

test.each([
  ["its resolver", "Country.cities, resolved by citiesOf (resolvers/country.ts:52)", { ...parent, path }],
  [
    "the parent field, if its own resolver is anonymous",
    "CityConnection.nodes of Country.cities, resolved by citiesOf (resolvers/country.ts:52)",
    { coordinate: "CityConnection.nodes", resolver: inline, path, parent },
  ],
  [
    "the response path, if the resolver of the parent is anonymous too",
    "CityConnection.nodes at country.cities.nodes, resolved in packages/tributary-graphql/src/pothos/connection.ts:63",
    { coordinate: "CityConnection.nodes", resolver: inline, path, parent: { ...parent, resolver: inline } },
  ],
  [
    "only the response path, if no file has the resolver",
    "City.name at country.cities.nodes",
    { coordinate: "City.name", resolver: { name: "defaultFieldResolver", location: undefined }, path },
  ],
  ["no field, if it is made outside of resolvers", "code outside of a resolver", undefined],
])("the origin of a call names its field and %s", (_what, text, origin) => {
  expect(originText(origin)).toBe(text);
});
