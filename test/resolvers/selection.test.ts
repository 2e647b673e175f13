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

/** What a resolver of the first field would be told, of all that a document says. */
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

describe("the properties that an operation needs of a city", () => {
  test.each([
    ["a plain field is itself", "{ city(id: 1) { name } }", ["name"]],
    [
      "a computed field is what it is computed from",
      "{ city(id: 1) { sun { sunset } } }",
      ["latitude", "longitude", "timeZone"],
    ],
    ["an alias is the field behind it", "{ city(id: 1) { title: name } }", ["name"]],
    ["__typename is nothing", "{ city(id: 1) { __typename } }", []],
    ["what a related object is asked for is not the city's", "{ city(id: 1) { country { name } } }", ["countryCode"]],
    [
      "fragments count",
      "{ city(id: 1) { ...On ... on City { population } } } fragment On on City { id }",
      ["id", "population"],
    ],
    ["fragments of an interface count", "{ node(id: 1) { ... on Node { id } ... on City { name } } }", ["id", "name"]],
    [
      "fragments of other types do not",
      '{ search(text: "x") { ... on Country { officialName } ... on City { name } } }',
      ["name"],
    ],
    [
      "what a variable may leave out counts",
      "query ($a: Boolean!) { city(id: 1) { name @include(if: $a) } }",
      ["name"],
    ],
    [
      "a deferred part counts, so that its row is not read again",
      "{ city(id: 1) { name ... @defer { population } } }",
      ["name", "population"],
    ],
    ["a field asked for twice is both", "{ city(id: 1) { name } city(id: 1) { population } }", ["name", "population"]],
  ])("%s", (_title, document, expected) => {
    expect(selectedProperties(infoOf(document), "City")).toEqual(expected);
  });

  test("a list's items are its nodes and those of its edges", () => {
    const info = infoOf(`{
      cities(first: 2) { totalCount nodes { name } ...Edges pageInfo { hasNextPage } }
    }
    fragment Edges on CityConnection { edges { cursor node { population } } }`);
    expect(selectedProperties(info, "City", connectionItems)).toEqual(["name", "population"]);
  });

  test("a list that is only counted needs nothing of them", () => {
    expect(selectedProperties(infoOf("{ cities { totalCount } }"), "City", connectionItems)).toEqual([]);
  });

  test("a field that does not say what it uses is taken to use everything", () => {
    expect(selectedProperties(infoOf('{ country(code: "DE") { capital { name } } }'), "Country")).toBeUndefined();
  });
});

test.each(["City", "Airport"])("every field of %s says which properties it uses", (name) => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type.`);
  for (const field of Object.keys(type.getFields())) {
    expect(selectedProperties(infoOf(`{ node(id: 1) { ... on ${name} { ${field} } } }`), name), field).toBeDefined();
  }
});
