import { buildSchema, type GraphQLSchema } from "graphql";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createGateway } from "../../src/gateway/gateway.ts";

const create = (schema: GraphQLSchema) =>
  createGateway({
    schema,
    createContext: () => ({}),
    logger: pino({ level: "silent" }),
    isProduction: false,
    requestTimeoutMs: 1_000,
    graphiql: { title: "", tabs: [] },
    readiness: {},
  });

test("a schema without @defer is refused at the start, with the way to mend it", () => {
  expect(() => create(buildSchema("type Query { a: Int }"))).toThrow(
    /does not declare @defer and @stream.*GraphQLDeferDirective/,
  );
});
