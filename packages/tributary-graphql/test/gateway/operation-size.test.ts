import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, test } from "vitest";

const sdl = "type Query { a: A, n: Int } type A { a: A, n: Int }";

/** Each fragment spreads the next one twice. */
const doubling = (levels: number, spread = "...") =>
  [
    `{ a { ${spread}F0 } }`,
    ...Array.from(
      { length: levels },
      (_, at) => `fragment F${at} on A { x: a { ...F${at + 1} } y: a { ...F${at + 1} } }`,
    ),
    `fragment F${levels} on A { n }`,
  ].join(" ");

/** Each fragment nests one field deeper. */
const chain = (levels: number) =>
  [
    "{ a { ...F0 } }",
    ...Array.from({ length: levels }, (_, at) => `fragment F${at} on A { a { ...F${at + 1} } }`),
    `fragment F${levels} on A { n }`,
  ].join(" ");

function ask(query: string, limits = {}) {
  let calls = 0;
  const a = () => {
    calls++;
    return {};
  };
  const toy = toyGateway(sdl, { Query: { a } }, { limits });
  return toy.ask(query).then((answer) => ({ ...answer, calls }));
}

const refused = (message: RegExp) => ({
  errors: [{ message: expect.stringMatching(message), extensions: { code: "LIMIT_EXCEEDED" } }],
  calls: 0,
});

test("fragments that spread each other twice are refused before anything is done for them", async () => {
  expect(await ask(doubling(60))).toMatchObject(refused(/has very many fields, .* at most 10000 are allowed/));
});

test("what is deferred counts as what is not", async () => {
  const limits = { operationFields: 14 };
  expect(await ask(doubling(2), limits)).toMatchObject({ data: { a: {} } });
  expect(await ask(doubling(3), limits)).toMatchObject(refused(/has 23 fields/));
  expect(await ask(doubling(3, "... @defer { ...").replace("F0 } }", "F0 } } }"), limits)).toMatchObject(
    refused(/has 23 fields/),
  );
});

test("fragments within each other nest as though they stood there", async () => {
  expect(await ask(chain(97))).toMatchObject({ data: { a: {} } });
  expect(await ask(chain(99))).toMatchObject(refused(/nests 101 deep/));
});

test("a fragment that spreads itself is left to validation", async () => {
  const answer = await ask("{ a { ...F } } fragment F on A { a { ...F } }");
  expect(answer.errors?.[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
});

test("of several operations in a document each has to be small enough", async () => {
  expect(await ask(`query A { n } query B ${doubling(20)}`)).toMatchObject(refused(/has \d+ fields/));
});
