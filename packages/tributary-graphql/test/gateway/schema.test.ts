import {
  buildSchema,
  GraphQLDeferDirective,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  GraphQLString,
  printSchema,
} from "graphql";
import { expect, test } from "vitest";
import { printContract } from "../../src/commands/printed-schema.ts";
import { createGateway } from "../../src/gateway/gateway.ts";

const seen: GraphQLResolveInfo[] = [];

/** As graphql-js builds one when it is told nothing about directives. */
const plainSchema = (): GraphQLSchema =>
  new GraphQLSchema({
    query: new GraphQLObjectType({
      name: "Query",
      fields: {
        fast: {
          type: GraphQLString,
          extensions: { uses: ["fast"] },
          resolve(_source, _args, _context, info) {
            seen.push(info);
            return "fast";
          },
        },
        slow: { type: GraphQLString, resolve: async () => "slow" },
      },
    }),
    extensions: { team: "travel" },
  });

const ask = async (schema: GraphQLSchema, query: string, accept = "application/json"): Promise<string> => {
  const response = await createGateway({ schema }).fetch(
    new Request("http://toys.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify({ query }),
    }),
  );
  return response.text();
};

test("a schema without @defer and @stream is served with both", async () => {
  const deferred = await ask(plainSchema(), "{ fast ... @defer { slow } }", "multipart/mixed");
  expect(deferred).toContain('{"data":{"fast":"fast"},"hasNext":true}');
  expect(deferred).toContain('"data":{"slow":"slow"}');
  const introspected = await ask(plainSchema(), "{ __schema { directives { name } } }");
  expect(introspected).toMatch(/"skip".*"defer".*"stream"/);
});

test("the schema that is handed in stays as it is", async () => {
  const schema = plainSchema();
  const before = printSchema(schema);
  await ask(schema, "{ fast }");
  expect(schema.getDirective("defer")).toBeUndefined();
  expect(printSchema(schema)).toBe(before);
});

test("resolvers see the served schema, whose fields and extensions are those that were defined", async () => {
  const schema = plainSchema();
  await ask(schema, "{ fast }");
  const served = seen.at(-1)?.schema;
  expect(served?.getDirective("stream")).toBeDefined();
  expect(served?.extensions).toEqual({ team: "travel" });
  expect(served?.getQueryType()).toBe(schema.getQueryType());
  expect(served?.getQueryType()?.getFields().fast?.extensions).toEqual({ uses: ["fast"] });
});

test("`tributary codegen` prints the directives of the served schema, so that clients' generators accept @defer", () => {
  const printed = printContract(plainSchema());
  expect(printed).toContain("directive @defer(");
  expect(printed).toContain("directive @stream(");
});

test("a directive of these names that the schema declares is served as it is", async () => {
  const schema = buildSchema(
    "directive @defer(if: Boolean) on FRAGMENT_SPREAD | INLINE_FRAGMENT type Query { a: Int }",
  );
  const served = printContract(schema);
  expect(served).toContain("directive @defer(if: Boolean) on");
  expect(served).toContain("directive @stream(");
  expect(schema.getDirective("defer")).not.toBe(GraphQLDeferDirective);
});
