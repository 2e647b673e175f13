import { describe, expect, test } from "vitest";
import { estimatorOf, type Variables } from "./support/estimate.ts";

const sdl = `
  type Query {
    n: Int
    me: Person
    node: Node
    any: Either
    people(first: Int = 5): [Person!]! @listSize(slicingArguments: ["first"], maxSize: 100)
    byIds(ids: [ID!]!): [Person]! @listSize(slicingArguments: ["ids"])
    page(input: PageInput): [Person!]! @listSize(slicingArguments: ["input.first"], assumedSize: 7)
    unsized: [Person!]!
    grid: [[Person!]!]!
    tags: [String!]!
    prices: [Price!]!
    cheap: Int @cost(weight: "0.7")
    slow(day: String): Int @cost(weight: "10")
    add(values: [Value!], note: String @cost(weight: "2")): Int
    connection(first: Int, last: Int): People @listSize(
      assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false
    )
    usual(first: Int, after: String): People
    limited(limit: Int): [Person!]!
    positive(limit: Positive = 6): [Person!]!
    paged(limit: Int): Page
    searched(first: String): [Person!]!
    bounded(first: Int, last: Int): [Person!] @listSize(slicingArguments: ["first", "last"])
  }
  input PageInput { first: Int }
  input Value { text: String @cost(weight: "3") more: [Value!] }
  scalar Positive
  scalar Price @cost(weight: "0.5")
  interface Node { id: ID! }
  type Person implements Node { id: ID! name: String friends(first: Int): [Person!]! house: House }
  type House implements Node @cost(weight: "4") { id: ID! street: String owner: Person }
  union Either = Person | House
  type People { edges: [Edge!]! nodes: [Person!]! total: Int }
  type Page { items: [Person!]! }
  type Edge { cursor: String node: Person! }
  type Mutation { a: Int b: Person c: Int @cost(weight: "1") }
  type Subscription { person: Person }
`;
const estimate = estimatorOf(sdl);

type Case = readonly [cost: number, query: string, variables?: Variables];

const cases: Readonly<Record<string, readonly Case[]>> = {
  "an object costs 1, the root too, and a scalar nothing": [
    [1, "{ n }"],
    [2, "{ me { id name } }"],
    [2, "{ me { __typename } }"],
  ],
  "a type has its own weight, and a scalar as well": [
    [6, "{ me { house { street } } }"],
    [6, "{ prices }"],
    [3.1, "{ a: cheap b: cheap c: cheap }"],
  ],
  "a field has a weight for each execution": [
    [11, "{ slow }"],
    [21, `{ a: slow b: slow(day: "Monday") }`],
  ],
  "a list multiplies what is below it by its slicing argument": [
    [4, "{ people(first: 3) { id } }"],
    [13, "{ people(first: 3) { friends(first: 3) { id } } }"],
  ],
  "a slicing argument that is not given counts as its default, and then as the assumed size": [
    [6, "{ people { id } }"],
    [8, "{ page { id } }"],
    [3, "{ page(input: { first: 2 }) { id } }"],
    [8, "{ page(input: { first: null }) { id } }"],
  ],
  "a slicing argument above the largest size counts as that size": [[101, "{ people(first: 1000000) { id } }"]],
  "a slicing argument that is a list counts its items": [
    [4, `{ byIds(ids: ["1", "2", "3"]) { id } }`],
    [3, "query ($ids: [ID!]!) { byIds(ids: $ids) { id } }", { ids: ["1", "2"] }],
    [2, `{ byIds(ids: "1") { id } }`],
  ],
  "a list of unknown size counts as 10, and each list within it again": [
    [11, "{ unsized { id } }"],
    [101, "{ grid { id } }"],
    [1, "{ tags }"],
  ],
  "the fields of a connection have the size that the connection was asked for": [
    [2 + 20, "{ connection { nodes { id } } }"],
    [2 + 3, "{ connection(first: 3) { nodes { id } } }"],
    [2 + 3 * 2, "{ connection(last: 3) { edges { cursor node { id } } } }"],
    [2 + 3 + 3 * 2, "{ connection(first: 3) { nodes { id } edges { node { id } } total } }"],
    [2 + 3, "{ connection(first: 3) { ...Nodes } } fragment Nodes on People { nodes { id } }"],
    [2, "{ connection(first: 0) { nodes { id } } }"],
  ],
  "of a connection or list without a declared size, the usual arguments count": [
    [2 + 3, "{ usual(first: 3) { nodes { id } } }"],
    [2 + 10, "{ usual { nodes { id } } }"],
    [1 + 4, "{ limited(limit: 4) { id } }"],
    [2 + 4, "{ paged(limit: 4) { items { id } } }"],
    [1 + 6, "{ positive { id } }"],
    [1 + 10, `{ searched(first: "4") { id } }`],
  ],
  "a slicing argument may be a scalar that reads numbers from texts": [
    [1 + 2000, `{ positive(limit: "2000") { id } }`],
    [1 + 2000, "query ($n: Positive) { positive(limit: $n) { id } }", { n: "2000" }],
    [1 + 3000, "query ($n: Positive) { positive(limit: $n) { id } }", { n: " +3000" }],
  ],
  "variables have their values, else their defaults, else those of the arguments": [
    [1 + 2, "query ($n: Int) { people(first: $n) { id } }", { n: 2 }],
    [1 + 4, "query ($n: Int = 4) { people(first: $n) { id } }"],
    [1 + 5, "query ($n: Int) { people(first: $n) { id } }"],
  ],
  "@skip and @include count": [
    [1, "query ($is: Boolean!) { me @include(if: $is) { id } }", { is: false }],
    [2, "query ($is: Boolean!) { me @include(if: $is) { id } }", { is: true }],
    [1, "query ($is: Boolean = true) { me @skip(if: $is) { id } }"],
    [1, "{ ... @include(if: false) { me { id } } ...F @skip(if: true) } fragment F on Query { me { id } }"],
  ],
  "an abstract type costs as much as its most expensive possible type": [
    [1 + 4, "{ node { id } }"],
    [1 + 4, "{ any { __typename } }"],
    [1 + 1 + 10, "{ node { ... on Person { friends { id } } ... on House { street } } }"],
    [1 + 4 + 1, "{ node { ... on Person { name } ... on House { owner { id } } } }"],
  ],
  "fields of one response name are one field, through fragments too": [
    [3, "{ me { id } me { house @skip(if: true) { id } friends(first: 1) { id } } }"],
    [2, "{ ...A ...B me { id } } fragment A on Query { me { name } } fragment B on Query { me { id } ...A }"],
    [3, "{ a: me { id } b: me { id } }"],
  ],
  "arguments and input fields have weights where they are given": [
    [1, "{ add }"],
    [3, `{ add(note: "x") }`],
    [1 + 3 + 3, `{ add(values: [{ text: "a" }, { more: [{ text: "b" }] }]) }`],
    [1 + 3, "query ($v: [Value!]) { add(values: $v) }", { v: { text: "a" } }],
  ],
  "a root field of a mutation costs 10, unless it has a weight": [
    [11, "mutation { a }"],
    [1 + 10 + 10 + 1, "mutation { a b { id } }"],
    [2, "mutation { c }"],
  ],
  "a subscription costs as much as one event": [[2, "subscription { person { id } }"]],
  "introspection counts by its fields, not by the size of the schema": [
    [4, "{ __schema { types { fields { name } } } }"],
    [2, `{ __type(name: "Person") { name } }`],
  ],
  "values that the execution refuses count as something": [
    [8, "query ($p: PageInput) { page(input: $p) { id } }", { p: { first: "many" } }],
    [1, "query ($n: Int) { people(first: $n) { id } }", { n: -1 }],
    [101, "query ($n: Int) { people(first: $n) { id } }", { n: 1.5 }],
  ],
};

describe.each(Object.entries(cases))("%s", (_, each) => {
  test.each(each.map(([cost, query, variables = {}]) => ({ cost, query, variables })))(
    "$cost: $query $variables",
    ({ cost, query, variables }) => {
      expect(estimate(query, variables)).toBe(cost);
      // Estimates are cached.
      expect(estimate(query, variables)).toBe(cost);
    },
  );
});

test("a list that must have exactly one slicing argument is refused without it, and with both", () => {
  expect(estimate("{ bounded(first: 2) { id } }")).toBe(3);
  const message = /^Query\.bounded: expected exactly one of the arguments first, last, .* and got (0|2)\.$/;
  expect(() => estimate("{ bounded { id } }")).toThrow(message);
  expect(() => estimate("{ bounded(first: 1, last: 1) { id } }")).toThrow(message);
  expect(() => estimate("query ($n: Int) { bounded(first: $n) { id } }", { n: null })).toThrow(message);
});

test("a cached estimate is not given for other variables", () => {
  const query = "query ($is: Boolean!, $n: Int) { people(first: 2) { friends(first: $n) @include(if: $is) { id } } }";
  for (const [is, n, cost] of [
    [true, 2, 7],
    [true, 3, 9],
    [false, 3, 3],
    [true, 2, 7],
    [false, 9, 3],
    [true, 0, 3],
  ] as const)
    expect(estimate(query, { is, n })).toBe(cost);
});

test.each([
  ["a weight that is no number", `type Query { a: Int @cost(weight: "much") }`, "Query.a: the weight of @cost must be"],
  ["a weight below 0", `type Query { a: A } type A @cost(weight: "-1") { n: Int }`, "A: the weight of @cost must be"],
  ["a size below 0", "type Query { a: [Int] @listSize(assumedSize: -1) }", "Query.a: expected a whole number"],
  [
    "a slicing argument that the field does not have",
    `type Query { a(first: Int): [Int] @listSize(slicingArguments: ["last"]) }`,
    "Query.a: @listSize names the slicing argument last, which the field does not have.",
  ],
])("%s stops the start, and the message names it", (_, given, message) => {
  expect(() => estimatorOf(given)).toThrow(message);
});
