import { parse } from "graphql";
import { expect, test } from "vitest";
import { itemsAround, listSizesOf, objectPathsOf } from "../../../src/commands/calls/list-sizes.ts";

const document = parse(`
  query { all: countries { nodes { languages ...Page } } home { name } }
  fragment Page on Country { cities { ... on City { name } } }
`);
const sizes = listSizesOf(
  {
    all: {
      nodes: [
        { languages: ["a", "b"], cities: [{ name: "x" }, null] },
        { languages: [], cities: [{ name: "y" }] },
        null,
      ],
    },
    home: { name: "z" },
  },
  objectPathsOf(document),
);

test("objects are counted by path, lists at the same path are added up; nulls and scalars do not count", () => {
  expect(Object.fromEntries(sizes)).toEqual({ "all.nodes": 2, "all.nodes.cities": 2 });
});

test("an empty list is a list of objects if it has a selection set", () => {
  const empty = { all: { nodes: [] } };
  expect(Object.fromEntries(listSizesOf(empty, objectPathsOf(document)))).toEqual({ "all.nodes": 0 });
});

test("the items around a field are those of the innermost list around it", () => {
  expect(itemsAround(sizes, ["all", "nodes", "cities", "name"])).toBe(2);
  expect(itemsAround(sizes, ["all", "nodes", "flag"])).toBe(2);
  expect(itemsAround(sizes, ["all", "nodes"])).toBeUndefined();
  expect(itemsAround(sizes, ["home", "name"])).toBeUndefined();
});
