import {
  type FieldNode,
  type FragmentDefinitionNode,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from "graphql";
import { connectionItems, selectedProperties } from "tributary-graphql/pothos";
import { describe, expect, test } from "vitest";
import { schema } from "../../schema/index.ts";

/** The part of `GraphQLResolveInfo` that `selectedProperties` reads, for the first field of the operation. */
function infoOf(document: string) {
  const { definitions } = parse(document);
  const operation = definitions.find((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION);
  const fields = operation?.selectionSet.selections.filter((one): one is FieldNode => one.kind === Kind.FIELD) ?? [];
  const fragments = Object.fromEntries(
    definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  return { schema, fieldNodes: fields, fragments };
}

describe("the properties of a city that an operation reads", () => {
  test.each([
    ["include the property of an exposed field", "{ city(id: 1) { name } }", ["name"]],
    [
      "include the properties that a computed field uses",
      "{ city(id: 1) { sun { sunset } } }",
      ["latitude", "longitude", "timeZone"],
    ],
    ["include the field of an alias", "{ city(id: 1) { title: name } }", ["name"]],
    ["do not include __typename", "{ city(id: 1) { __typename } }", []],
    ["do not include fields of a related object", "{ city(id: 1) { country { name } } }", ["countryCode"]],
    [
      "include fields in fragments",
      "{ city(id: 1) { ...On ... on City { population } } } fragment On on City { id }",
      ["id", "population"],
    ],
    [
      "include fields in fragments on an interface",
      "{ node(id: 1) { ... on Node { id } ... on City { name } } }",
      ["id", "name"],
    ],
    [
      "do not include fields in fragments on other types",
      '{ search(text: "x") { ... on Country { officialName } ... on City { name } } }',
      ["name"],
    ],
    ["include fields with @include", "query ($a: Boolean!) { city(id: 1) { name @include(if: $a) } }", ["name"]],
    [
      "include deferred fields, so that the row is read once",
      "{ city(id: 1) { name ... @defer { population } } }",
      ["name", "population"],
    ],
    [
      "include the selections of a repeated field",
      "{ city(id: 1) { name } city(id: 1) { population } }",
      ["name", "population"],
    ],
  ])("%s", (_title, document, expected) => {
    expect(selectedProperties(infoOf(document), "City")).toEqual(expected);
  });

  test("include the selections of `nodes` and `edges` of a connection", () => {
    const info = infoOf(`{
      cities(first: 2) { totalCount nodes { name } ...Edges pageInfo { hasNextPage } }
    }
    fragment Edges on CityConnection { edges { cursor node { population } } }`);
    expect(selectedProperties(info, "City", connectionItems)).toEqual(["name", "population"]);
  });

  test("are none if only `totalCount` is selected", () => {
    expect(selectedProperties(infoOf("{ cities { totalCount } }"), "City", connectionItems)).toEqual([]);
  });

  test("are all if a selected field does not declare what it uses", () => {
    expect(selectedProperties(infoOf('{ country(code: "DE") { capital { name } } }'), "Country")).toBeUndefined();
  });
});

test.each(["City", "Airport"])("every field of %s declares the properties that it uses", (name) => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is not an object type.`);
  for (const field of Object.keys(type.getFields())) {
    expect(selectedProperties(infoOf(`{ node(id: 1) { ... on ${name} { ${field} } } }`), name), field).toBeDefined();
  }
});
