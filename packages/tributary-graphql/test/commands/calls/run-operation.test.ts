import { expect, test } from "vitest";
import { type ResponseFormat, runOperation } from "../../../src/commands/calls/run-operation.ts";
import { callSource, toyApp } from "./toy-app.ts";

const app = () =>
  toyApp("type Query { city: City } type City { name: String sun: String moon: String }", {
    Query: {
      city: async (_, __, scope) => {
        await callSource(scope, "database.city");
        return { name: "Oslo" };
      },
    },
    City: {
      sun: async (_, __, scope) => {
        await callSource(scope, "sun.today");
        return "up";
      },
      moon: () => {
        throw new Error("boom");
      },
    },
  });

const run = (query: string, format: ResponseFormat) => runOperation(app(), { name: "City", text: query }, {}, format);

test("a call has its step, the call that it waited for, and the field that made it", async () => {
  const { calls, errors, withoutBeforeCall } = await run("query City { city { name its: sun } }", "json");
  const origin = { coordinate: "City.sun", path: ["city", "its"], resolver: { name: "sun", location: "toys.ts:1" } };
  expect(calls).toMatchObject([
    { name: "database.city", source: "database", keys: 1, step: 1, after: undefined },
    { name: "sun.today", step: 2, after: { name: "database.city" }, origin },
  ]);
  expect({ errors, withoutBeforeCall }).toEqual({ errors: [], withoutBeforeCall: [] });
});

test("the calls of the first payload are those before the deferred parts", async () => {
  const query = "query City { city { name ... @defer { sun } } }";
  const stream = await run(query, "stream");
  expect(stream.calls.map(({ name }) => name)).toEqual(["database.city", "sun.today"]);
  expect(stream.firstPayloadCalls.map(({ name }) => name)).toEqual(["database.city"]);
  const json = await run(query, "json");
  expect(json.firstPayloadCalls).toHaveLength(2);
});

test("an error in a deferred part counts too", async () => {
  const { errors } = await run("query City { city { name ... @defer { moon } } }", "stream");
  expect(errors).toEqual(["city.moon: INTERNAL_SERVER_ERROR: Unexpected error."]);
});

test("an invalid document is an error, and makes no call", async () => {
  expect(await run("query City { nonsense }", "json")).toMatchObject({
    calls: [],
    errors: ['GRAPHQL_VALIDATION_FAILED: Cannot query field "nonsense" on type "Query".'],
  });
});
