import type { CallLogEntry } from "tributary-graphql";
import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";

const atlas = useAtlas();

/** The calls of a query with incremental delivery, in order of start. */
async function callsOf(query: string): Promise<{ readonly calls: string[]; readonly payloads: number }> {
  const response = await atlas.fetch(
    new Request("http://atlas.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "multipart/mixed", "x-tributary-calls": "1" },
      body: JSON.stringify({ query }),
    }),
  );
  const payloads = await collect(readMultipart(response));
  expect(
    payloads.flatMap(({ errors, incremental = [] }) => [errors, ...incremental.map((entry) => entry.errors)]),
  ).toEqual(payloads.flatMap(({ incremental = [] }) => [undefined, ...incremental.map(() => undefined)]));
  const calls = payloads.at(-1)?.extensions?.calls as readonly CallLogEntry[];
  return { calls: calls.map(({ call, keys }) => `${call} ${keys}`), payloads: payloads.length };
}

test("keys of a deferred fragment are not in the batch of the first payload, although both use one loader", async () => {
  const { calls } = await callsOf(`{
    ... @defer { later: country(code: "FR") { name } also: country(code: "JP") { name } }
    now: country(code: "DE") { name }
  }`);
  expect(calls).toEqual(["countriesByCode 1", "countriesByCode 2"]);
});

test("a deferred fragment does not read again the keys that the first payload has read", async () => {
  const { calls, payloads } = await callsOf(`{
    country(code: "DE") { name borders { name } }
    ... @defer { again: country(code: "DE") { officialName borders { code borders { code } } } }
  }`);
  expect(payloads).toBeGreaterThan(1);
  expect(calls).toEqual([
    "countriesByCode 1",
    "countriesByCode3 9",
    // Only the neighbors of the neighbors.
    expect.stringMatching(/^countriesByCode3 \d+$/),
  ]);
});

test("a key that two deferred fragments request at the same time is read once", async () => {
  const { calls } = await callsOf(`{
    country(code: "DE") { code }
    ... @defer(label: "a") { a: country(code: "FR") { name } }
    ... @defer(label: "b") { b: country(code: "FR") { officialName } }
  }`);
  expect(calls).toEqual(["countriesByCode 1", "countriesByCode 1"]);
});

test("a column that only a deferred fragment selects is read with the row, not by a second call", async () => {
  const { calls } = await callsOf(`{
    cities(first: 2) { nodes { name ... @defer { population } } }
  }`);
  expect(calls).toEqual(["cities 1"]);
});

test("a streamed item that fails before its payload is sent is an error of that item, not an unhandled rejection", async () => {
  const query = `{
    nodes(ids: ["forged", "forged too"]) @stream(initialCount: 0) { id }
    country(code: "CA") { borders { name } }
  }`;
  const unhandled: unknown[] = [];
  const listener = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", listener);
  try {
    const response = await atlas.fetch(
      new Request("http://atlas.test/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "multipart/mixed" },
        body: JSON.stringify({ query }),
      }),
    );
    const payloads = await collect(readMultipart(response));
    const errors = payloads.flatMap(({ incremental = [] }) => incremental.flatMap((entry) => entry.errors ?? []));
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(["BAD_USER_INPUT", "BAD_USER_INPUT"]);
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", listener);
  }
});
