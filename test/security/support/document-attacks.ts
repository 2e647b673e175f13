import type { Operation, Transport } from "./target.ts";

/** An operation that must be refused before anything of it is executed. */
export interface DocumentAttack extends Operation {
  readonly name: string;
  /** Where the attack is described: OWASP is the GraphQL cheat sheet of the OWASP Cheat Sheet Series. */
  readonly source: string;
  readonly code: string;
  /** Part of the message of the first error. */
  readonly message?: RegExp;
  /** Default: each of them. */
  readonly over?: readonly Transport[];
}

const times = (count: number, textOf: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => textOf(index)).join(" ");

const nested = (depth: number, open: string, inner: string, close = "}"): string =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;

/** Each fragment spreads the next one twice. */
const doublingFragments = (count: number): string =>
  times(count, (index) => `fragment F${index} on Country { ...F${index + 1} ...F${index + 1} }`) +
  ` fragment F${count} on Country { name }`;

/** A GET has its document in the request line, which is limited to 16 KiB with the headers. */
const withoutGet: readonly Transport[] = ["POST", "event stream", "multipart", "WebSocket"];

const OWASP = "OWASP: query limiting";
const introspection = "OWASP: introspection";
const validation = "OWASP: input validation";

export const documentAttacks: readonly DocumentAttack[] = [
  // Introspection is closed in production.
  ...[
    ["the whole schema", "{ __schema { types { name fields { name } } } }"],
    ["one type", '{ __type(name: "Country") { fields { name } } }'],
    ["one type by a variable", "query ($name: String!) { __type(name: $name) { name } }"],
    ["the schema under an alias", "{ country: __schema { queryType { name } } }"],
    ["the schema in a fragment", "{ ...F } fragment F on Query { __schema { queryType { name } } }"],
    ["the schema in an inline fragment", "{ ... on Query { ... { __schema { queryType { name } } } } }"],
    ["the schema beside an ordinary field", '{ country(code: "NO") { name } __schema { queryType { name } } }'],
    ["the schema in a second operation", "query A { __typename } query B { __schema { queryType { name } } }"],
    ["the schema behind @skip", "{ __schema @skip(if: true) { queryType { name } } }"],
    ["the schema behind @include", "query ($x: Boolean = false) { __schema @include(if: $x) { queryType { name } } }"],
    ["the directives", "{ __schema { directives { name args { name } } } }"],
    ["the schema with @defer", "{ ... @defer { __schema { queryType { name } } } }"],
  ].map(
    ([name, query = ""]): DocumentAttack => ({
      name: `introspection: ${name}`,
      source: introspection,
      query,
      variables: query.includes("$name") ? { name: "Country" } : undefined,
      operationName: query.includes("query A") ? "A" : undefined,
      code: "GRAPHQL_VALIDATION_FAILED",
      message: /^Introspection is closed here/,
    }),
  ),
  // Nothing tells a stranger a name of the schema.
  ...[
    ["a field", '{ countr(code: "NO") { name } }'],
    ["a field of a type", '{ country(code: "NO") { nam } }'],
    ["an argument", '{ country(cod: "NO") { name } }'],
    ["a type", "{ ... on Countr { name } }"],
    ["an enum value", "{ cities(orderBy: POPULATION) { nodes { name } } }"],
    ["an input field", "{ cities(where: { populationMi: 1 }) { nodes { name } } }"],
    ["a directive", "{ __typename @skp(if: true) }"],
    ["a variable's type", "query ($x: CityFilte) { __typename }"],
    ["a subscription", "subscription { rateChange { rate } }"],
    ["a fragment", "{ ...Fields } fragment Field on Query { __typename }"],
  ].map(
    ([name, query = ""]): DocumentAttack => ({
      name: `suggestions: a misspelled name of ${name}`,
      source: "OWASP: don't return excessive errors (field suggestions)",
      query,
      code: "GRAPHQL_VALIDATION_FAILED",
      message: /^(?!.*Did you mean)/,
    }),
  ),
  // Depth.
  {
    name: "depth: 101 nested fields",
    source: OWASP,
    query: `{ country(code: "NO") ${nested(101, "{ borders ", "{ name }")} }`,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "depth: 5,000 nested braces",
    source: "recursion in parsers",
    query: nested(5_000, "{ a ", "{ b }"),
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "depth: nested in inline fragments",
    source: OWASP,
    query: `{ country(code: "NO") { ${nested(60, "... on Country { borders { ", "name", "} }")} } }`,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "depth: a chain of fragments",
    source: OWASP,
    query:
      '{ country(code: "NO") { ...F0 } } ' +
      times(110, (index) => `fragment F${index} on Country { borders { ...F${index + 1} } }`) +
      " fragment F110 on Country { name }",
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "depth: a list literal in 5,000 lists",
    source: "recursion in parsers",
    query: `{ nodes(ids: ${nested(5_000, "[", '"x"', "]")}) { id } }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "depth: an object literal in 2,000 objects",
    source: "recursion in parsers",
    query: `{ cities(where: ${nested(2_000, "{ a: ", "1")}) { nodes { id } } }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "depth: a variable of a type in 4,000 lists",
    source: "recursion in parsers",
    query: `query ($x: ${nested(4_000, "[", "Int", "]")}) { __typename }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  // Breadth.
  {
    name: "tokens: 10,001 fields",
    source: OWASP,
    query: `{ ${times(10_001, () => "a")} }`,
    code: "LIMIT_EXCEEDED",
    message: /token/i,
    over: withoutGet,
  },
  {
    name: "aliases: 5,001 aliases of one field",
    source: "OWASP: batching attacks (aliases)",
    query: `{ ${times(3_400, (index) => `a${index}: __typename`)} }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "aliases: 1,100 guesses of an id in one operation",
    source: "OWASP: batching attacks (brute force by aliases)",
    query: `{ ${times(1_100, (index) => `a${index}: city(id: "${index}") { id }`)} }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "aliases: 120 long pages",
    source: OWASP,
    query: `{ ${times(120, (index) => `a${index}: cities(first: 100) { nodes { name } }`)} }`,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "aliases: the sun of each day for a hundred cities",
    source: OWASP,
    query: `{ cities(first: 100) { nodes { ${times(60, (index) => `d${index}: sun(date: "2026-01-${String((index % 28) + 1).padStart(2, "0")}") { sunrise }`)} } } }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "lists: borders nested six deep",
    source: OWASP,
    query: `{ country(code: "CN") ${nested(6, "{ borders ", "{ name }")} }`,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "lists: the largest pages in each other",
    source: OWASP,
    query:
      "{ countries(first: 250) { nodes { cities(first: 100) { nodes { nearestAirports(first: 20) { airport { name } } } } } } }",
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "lists: page sizes in variables",
    source: OWASP,
    query:
      "query ($n: Int, $m: Int) { countries(first: $n) { nodes { cities(last: $m) { nodes { country { cities(first: $m) { nodes { name } } } } } } } }",
    variables: { n: 250, m: 100 },
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "lists: page sizes in defaults of variables",
    source: OWASP,
    query:
      "query ($n: Int = 250, $m: Int = 100) { countries(first: $n) { nodes { cities(first: $m) { nodes { country { name borders { name } } } } } } }",
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "lists: deferred pages count too",
    source: OWASP,
    query:
      "{ countries(first: 250) { nodes { ... @defer { cities(first: 100) { nodes { name country { borders { name } } } } } } } }",
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "lists: a fragment that is spread fifty times",
    source: OWASP,
    query: `{ ${times(50, (index) => `a${index}: countries(first: 100) { ...F }`)} } fragment F on CountryConnection { nodes { name cities(first: 10) { nodes { name } } } }`,
    code: "LIMIT_EXCEEDED",
  },
  {
    name: "fragments: forty that double each other",
    source: "OWASP: query limiting (exponential fragments)",
    query: `{ country(code: "NO") { ...F0 } } ${doublingFragments(40)}`,
    code: "LIMIT_EXCEEDED",
  },
  ...[
    ["itself", "fragment A on Country { ...A }"],
    ["another that spreads it", "fragment A on Country { ...B } fragment B on Country { ...A }"],
    ["itself below a field", "fragment A on Country { borders { ...A } }"],
    [
      "itself through three others",
      "fragment A on Country { ...B } fragment B on Country { ...C } fragment C on Country { borders { ...A } }",
    ],
    ["itself, deferred", "fragment A on Country { ... @defer { ...A } }"],
  ].map(
    ([name, fragments]): DocumentAttack => ({
      name: `fragments: one that spreads ${name}`,
      source: "CVE-2022-30288 (agoo): cycles of fragments",
      query: `{ country(code: "NO") { ...A } } ${fragments}`,
      code: "GRAPHQL_VALIDATION_FAILED",
    }),
  ),
  {
    name: "fields: one field 4,000 times with arguments",
    source: "CVE-2023-26144 (graphql-js): quadratic OverlappingFieldsCanBeMerged",
    query: `{ ${times(1_600, () => 'country(code: "NO") { name }')} }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "fields: fragments whose fields have to be compared with each other",
    source: "CVE-2023-26144 (graphql-js)",
    query: `{ ${times(700, (index) => `...F${index}`)} } ${times(700, (index) => `fragment F${index} on Query { a${index % 7}: country(code: "${index % 7}") { name } }`)}`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  // Directives.
  {
    name: "directives: 2,000 unknown ones on a field",
    source: "CVE-2022-37734 (graphql-java): directive overloading",
    query: `{ __typename ${times(2_000, () => "@aa")} }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "directives: 500 times @include on a field",
    source: "CVE-2022-37734 (graphql-java): directive overloading",
    query: `{ __typename ${times(500, () => "@include(if: true)")} }`,
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  {
    name: "directives: 101 deferred fragments",
    source: "the cost of incremental delivery",
    query: `{ ${times(101, (index) => `... @defer { a${index}: __typename }`)} }`,
    code: "LIMIT_EXCEEDED",
    over: ["multipart", "event stream"],
  },
  {
    name: "directives: @skip at the root of a subscription",
    source: "GraphQL specification, 5.2.4.1",
    query: 'subscription { rateChanged(base: "EUR", to: "USD") @skip(if: true) { __typename } }',
    code: "GRAPHQL_VALIDATION_FAILED",
    over: ["event stream", "WebSocket"],
  },
  {
    name: "subscriptions: several root fields",
    source: "GraphQL specification, 5.2.4.1",
    query:
      'subscription { a: rateChanged(base: "EUR", to: "USD") { __typename } b: rateChanged(base: "EUR", to: "NOK") { __typename } }',
    code: "GRAPHQL_VALIDATION_FAILED",
    over: ["event stream", "WebSocket"],
  },
  {
    name: "subscriptions: the schema as their root field",
    source: introspection,
    query: "subscription { __schema { queryType { name } } }",
    code: "GRAPHQL_VALIDATION_FAILED",
    over: ["event stream", "WebSocket"],
  },
  {
    name: "subscriptions: by POST without an event stream",
    source: "subscriptions that nobody reads",
    query: 'subscription { rateChanged(base: "EUR", to: "USD") { __typename } }',
    code: "BAD_USER_INPUT",
    over: ["POST", "GET"],
  },
  {
    name: "mutations: where there are none",
    source: validation,
    query: "mutation { __typename }",
    code: "GRAPHQL_VALIDATION_FAILED",
    over: withoutGet,
  },
  {
    name: "mutations: by GET",
    source: "OWASP CSRF: state changes by GET",
    query: "mutation { __typename }",
    code: "BAD_USER_INPUT",
    over: ["GET"],
  },
  {
    name: "mutations: by GET, chosen by operationName",
    source: "OWASP CSRF: state changes by GET",
    query: "query A { __typename } mutation B { __typename }",
    operationName: "B",
    code: "BAD_USER_INPUT",
    over: ["GET"],
  },
  // Documents that are not GraphQL.
  ...[
    ["blanks", "   "],
    ["a comment", "# { __typename }"],
    ["an unclosed selection set", "{ country"],
    ["NUL", "{ \u0000 }"],
    ["a lone surrogate", "{ \ud800 }"],
    ["an unclosed string", '{ country(code: "NO) { name } }'],
    ["an unclosed block string", '{ country(code: """NO) { name } }'],
    ["an escape beyond Unicode", '{ country(code: "\\u{110000}") { name } }'],
    ["an escaped lone surrogate", '{ country(code: "\\uD800") { name } }'],
    ["JSON", '{"query": "{ __typename }"}'],
    ["HTML", "<script>alert(1)</script>"],
    ["SQL", "select * from city; --"],
    ["a number with a leading zero", "{ countries(first: 00001) { nodes { name } } }"],
    ["a template", "{{7*7}} #{7*7} <%= 7*7 %>"],
  ].map(
    ([name, query = ""]): DocumentAttack => ({
      name: `syntax: ${name}`,
      source: validation,
      query,
      code: "GRAPHQL_PARSE_FAILED",
    }),
  ),
  ...[
    ["a type definition", "type Query { admin: String }"],
    ["a schema definition", "schema { query: Query } { __typename }"],
    ["an extension", "extend type Query { admin: String } { __typename }"],
    ["a directive definition", "directive @admin on FIELD { __typename }"],
  ].map(
    ([name, query = ""]): DocumentAttack => ({
      name: `definitions: ${name} in a document`,
      source: "GraphQL specification, 5.1.1",
      query,
      code: query.includes("{ __typename }") ? "GRAPHQL_VALIDATION_FAILED" : "BAD_USER_INPUT",
    }),
  ),
  // Which operation.
  {
    name: "operations: an unknown name",
    source: validation,
    query: "query A { __typename }",
    operationName: "__proto__",
    code: "BAD_USER_INPUT",
  },
  {
    name: "operations: the name of a member of every object",
    source: "prototype pollution",
    query: "query A { __typename }",
    operationName: "constructor",
    code: "BAD_USER_INPUT",
  },
  {
    name: "operations: two without a name",
    source: validation,
    query: "{ __typename } { __typename }",
    code: "BAD_USER_INPUT",
  },
  {
    name: "operations: two of one name",
    source: validation,
    query: "query A { __typename } query A { __typename }",
    operationName: "A",
    code: "GRAPHQL_VALIDATION_FAILED",
  },
  {
    name: "operations: 2,000 beside the one that is chosen",
    source: OWASP,
    query: `query A { __typename } ${times(2_000, (index) => `query B${index} { __typename }`)}`,
    operationName: "A",
    code: "LIMIT_EXCEEDED",
    over: withoutGet,
  },
  // Values.
  ...(
    [
      ["a text for a number", { n: "1; drop table city" }],
      ["a number beyond 32 bits", { n: 2_147_483_648 }],
      ["a fraction", { n: 1.5 }],
      ["a list for a number", { n: [1] }],
      ["an object for a number", { n: { $gt: 0 } }],
      ["true for a number", { n: true }],
    ] as const
  ).map(
    ([name, variables]): DocumentAttack => ({
      name: `values: ${name}`,
      source: validation,
      query: "query ($n: Int) { countries(first: $n) { nodes { name } } }",
      variables,
      code: "BAD_USER_INPUT",
    }),
  ),
  ...(
    [
      ["an operator of MongoDB for a text", { code: { $ne: null } }],
      ["a number for a text", { code: 47 }],
      ["a list for a text", { code: ["NO", "SE"] }],
      ["null for a required text", { code: null }],
      ["nothing for a required text", {}],
      ["a member of the prototype for a text", JSON.parse('{"__proto__": {"code": "NO"}}')],
    ] as const
  ).map(
    ([name, variables]): DocumentAttack => ({
      name: `values: ${name}`,
      source: "OWASP: injection",
      query: "query ($code: String!) { country(code: $code) { name } }",
      variables,
      code: "BAD_USER_INPUT",
    }),
  ),
  {
    name: "values: a member of the prototype as a field of an input",
    source: "prototype pollution",
    query: "query ($where: CityFilter) { cities(where: $where) { nodes { name } } }",
    variables: { where: JSON.parse('{"__proto__": {"populationMin": 1}}') },
    code: "BAD_USER_INPUT",
  },
  {
    name: "values: an input with a field that it does not have",
    source: "OWASP: mass assignment",
    query: "query ($where: CityFilter) { cities(where: $where) { nodes { name } } }",
    variables: { where: { populationMin: 1, isAdmin: true } },
    code: "BAD_USER_INPUT",
  },
  {
    name: "values: 3,000 wrong items in a list",
    source: "errors as an amplifier",
    query: "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    variables: { ids: Array.from({ length: 3_000 }, () => null) },
    code: "BAD_USER_INPUT",
    over: withoutGet,
  },
  {
    name: "values: an enum value by its SQL",
    source: "OWASP: injection",
    query: "query ($order: CityOrder) { cities(orderBy: $order) { nodes { name } } }",
    variables: { order: "population desc; drop table city" },
    code: "BAD_USER_INPUT",
  },
  {
    name: "values: a number literal of 5,000 digits",
    source: validation,
    query: `{ countries(first: ${"9".repeat(5_000)}) { nodes { name } } }`,
    code: "GRAPHQL_VALIDATION_FAILED",
  },
  {
    name: "persisted queries: an unknown hash",
    source: "poisoned persisted queries",
    query: "",
    extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } },
    code: "PERSISTED_QUERY_NOT_SUPPORTED",
    over: ["POST", "GET"],
  },
];
