import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import type { RequestLimits } from "../../src/gateway/limits.ts";
import { defaultLimits } from "../../src/gateway/limits.ts";
import { pathNames, toyOn } from "./paths/support/three-paths.ts";
import { transports } from "./subscriptions/support/transports.ts";

const sdl = `
  type Query { a(list: [Int], in: In, nested: [[[Int]]]): A n: Int }
  input In { in: In list: [Int] }
  type A { a: A n: Int }
  type Mutation { n: Int }
  type Subscription { n: Int }
  directive @x repeatable on FIELD | QUERY | FRAGMENT_SPREAD | INLINE_FRAGMENT
`;

/** Sends an operation, and counts what was executed for it. */
async function ask(query: string, limits: Partial<RequestLimits>, variables: Readonly<Record<string, unknown>> = {}) {
  const counts = { contexts: 0, resolvers: 0 };
  const resolve = () => {
    counts.resolvers++;
    return {};
  };
  const n = () => counts.resolvers++;
  const toy = toyGateway(
    sdl,
    { Query: { a: resolve, n }, A: { a: resolve }, Mutation: { n } },
    {
      limits,
      createContext: (scope) => {
        counts.contexts++;
        return scope;
      },
    },
  );
  return { answer: await toy.ask(query, { variables }), counts };
}

type Case = {
  readonly allowed: string;
  readonly refused: string;
  readonly limits: Partial<RequestLimits>;
  readonly message: string;
  readonly variables?: readonly [allowed: object, refused: object];
};

const wherever = "its fragments counted wherever they are spread; at most";

const cases: Readonly<Record<string, Case>> = {
  aliases: {
    allowed: "{ a { x: n y: n n } }",
    refused: "{ a { x: n y: n z: n } }",
    limits: { operationAliases: 2 },
    message: `The operation has 3 aliases, ${wherever} 2 are allowed.`,
  },
  "aliases of fragments": {
    allowed: "{ a { ...F a { ...F } } } fragment F on A { x: n }",
    refused: "{ a { ...F a { ...F a { ...F } } } } fragment F on A { x: n }",
    limits: { operationAliases: 2 },
    message: `The operation has 3 aliases, ${wherever} 2 are allowed.`,
  },
  "root fields": {
    allowed: "{ n x: n }",
    refused: "{ n ...F ... { y: n } } fragment F on Query { x: n }",
    limits: { rootFields: 2 },
    message: `The operation has 3 root fields, ${wherever} 2 are allowed.`,
  },
  "root fields of a mutation": {
    allowed: "mutation { n x: n }",
    refused: "mutation { n x: n y: n }",
    limits: { mutationFields: 2 },
    message: `The operation has 3 root fields, ${wherever} 2 are allowed.`,
  },
  directives: {
    allowed: "{ n @include(if: true) ...F @skip(if: false) } fragment F on Query { x: n }",
    refused: "{ n @include(if: true) ...F @skip(if: false) } fragment F on Query { x: n @include(if: true) }",
    limits: { operationDirectives: 2 },
    message: `The operation has 3 directives, ${wherever} 2 are allowed.`,
  },
  "directives at one place": {
    allowed: "{ n @include(if: true) @skip(if: false) }",
    refused: "{ n @x @x @x }",
    limits: { locationDirectives: 2 },
    message: "The operation has 3 directives at one place; at most 2 are allowed.",
  },
  "directives of the operation": {
    allowed: "query { n }",
    refused: "query @x @x @x { n }",
    limits: { locationDirectives: 2 },
    message: "The operation has 3 directives at one place; at most 2 are allowed.",
  },
  fragments: {
    allowed: "{ ...F } fragment F on Query { n }",
    refused: "{ ...F ...G } fragment F on Query { n } fragment G on Query { n }",
    limits: { documentFragments: 1 },
    message: "The document defines 2 fragments; at most 1 are allowed.",
  },
  "values in the variables": {
    allowed: "query ($l: [Int]) { a(list: $l) { n } }",
    refused: "query ($l: [Int]) { a(list: $l) { n } }",
    limits: { variableValues: 4 },
    message: "The variables have more than 4 values, the most that is allowed. Send less in one operation.",
    variables: [{ l: [1, 2, 3] }, { l: [1, 2, 3, 4] }],
  },
  "nesting of the variables": {
    allowed: "query ($i: In) { a(in: $i) { n } }",
    refused: "query ($i: In) { a(in: $i) { n } }",
    limits: { variableNesting: 2 },
    message: "The variables nest deeper than 2, the deepest that is allowed. Send less in one operation.",
    variables: [{ i: { list: [1] } }, { i: { in: { list: [1] } } }],
  },
};

test.each(Object.entries(cases))(
  "an operation above the limit of %s is refused before anything is executed",
  async (_, each) => {
    const { allowed, refused, limits, message, variables = [{}, {}] } = each;
    const { answer, counts } = await ask(allowed, limits, variables[0] as Record<string, unknown>);
    expect(answer.errors).toBeUndefined();
    expect(counts.contexts).toBe(1);
    expect(await ask(refused, limits, variables[1] as Record<string, unknown>)).toMatchObject({
      answer: { errors: [{ message, extensions: { code: "LIMIT_EXCEEDED" } }] },
      counts: { contexts: 0, resolvers: 0 },
    });
  },
);

test("by default a document of 850 aliases is let through, and one of 1,001 is not", async () => {
  const aliases = (count: number) => `{ a { ${Array.from({ length: count }, (_, at) => `n${at}: n`).join(" ")} } }`;
  expect((await ask(aliases(850), {})).answer.errors).toBeUndefined();
  expect((await ask(aliases(defaultLimits.operationAliases + 1), {})).answer.errors?.[0]?.extensions.code).toBe(
    "LIMIT_EXCEEDED",
  );
});

test("variables that nest 200,000 deep are refused and do not overflow the stack", async () => {
  const toy = toyGateway(sdl, {});
  const nested = `{"query":"query ($i: In) { a(in: $i) { n } }","variables":{"i":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`;
  const response = await toy.gateway.fetch(
    new Request("http://toys.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: nested,
    }),
  );
  expect(await response.text()).toContain('"code":"LIMIT_EXCEEDED"');
});

describe.each(pathNames)("on the path %s", (path) => {
  test.each(transports)("the limits hold for a subscription over $name", async ({ subscribe }) => {
    const { port } = await toyOn(path, sdl, {}, { limits: { operationAliases: 0 } });
    const results = subscribe(`http://127.0.0.1:${port}/graphql`, "subscription { x: n }");
    const errors = await results.next().then(
      ({ value }) => JSON.stringify(value),
      (error: unknown) => JSON.stringify(error),
    );
    expect(errors).toContain("The operation has 1 aliases");
  });
});
