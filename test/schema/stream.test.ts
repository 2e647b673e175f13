import type { CallLogEntry } from "tributary-graphql";
import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";

const atlas = useAtlas();

/** The calls of a query with incremental delivery, in order of start. */
async function callsOf(query: string): Promise<string[]> {
  const response = await atlas.fetch(
    new Request("http://atlas.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "multipart/mixed", "x-tributary-calls": "1" },
      body: JSON.stringify({ query }),
    }),
  );
  const payloads = await collect(readMultipart(response));
  const calls = payloads.at(-1)?.extensions?.calls as readonly CallLogEntry[];
  return calls.map(({ call, keys }) => `${call} ${keys}`);
}

test("a field of streamed items is two calls: one for the initial items, one for all other items", async () => {
  const calls = await callsOf("{ countries(first: 50) { nodes @stream(initialCount: 2) { name capital { name } } } }");
  expect(calls.filter((call) => call.startsWith("capital"))).toEqual(["capitals 2", "capitals 46"]);
});

test("a deferred field of streamed items is one call for all items", async () => {
  const calls = await callsOf(
    "{ countries(first: 50) { nodes @stream(initialCount: 2) { name ... @defer { capital { name } } } } }",
  );
  expect(calls.filter((call) => call.startsWith("capital"))).toEqual(["capitals 48"]);
});
