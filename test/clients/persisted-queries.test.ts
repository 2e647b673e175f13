import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import * as apollo3 from "apollo-client-3/core/core.cjs";
import { createPersistedQueryLink as createLink3 } from "apollo-client-3/link/persisted-queries/persisted-queries.cjs";
import { type ToyGateway, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const document = gql`query Add($n: Int) { add(n: $n) }`;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

async function start() {
  let calls = 0;
  const toy: ToyGateway = toyGateway("type Query { add(n: Int): Int }", {
    Query: {
      add: (_, { n }) => {
        calls += 1;
        return n + 1;
      },
    },
  });
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  return { url, calls: () => calls, requests: () => toy.lines.filter(({ msg }) => msg === "request") };
}

describe("a client with persisted queries falls back to the query text", () => {
  test.each([false, true])("Apollo Client 4, hashes by GET: %s", async (useGETForHashedQueries) => {
    const { url, calls, requests } = await start();
    const hashes = new PersistedQueryLink({ sha256, useGETForHashedQueries });
    const client = new ApolloClient({
      link: ApolloLink.from([hashes, new HttpLink({ uri: url })]),
      cache: new InMemoryCache(),
    });
    for (const n of [1, 2])
      expect((await client.query({ query: document, variables: { n } })).data).toEqual({ add: n + 1 });
    // It sends no hash after the first error.
    expect([calls(), requests().length]).toEqual([2, 3]);
  });

  test.each([false, true])("Apollo Client 3, hashes by GET: %s", async (useGETForHashedQueries) => {
    const { url, calls, requests } = await start();
    const hashes = createLink3({ sha256, useGETForHashedQueries });
    const link = apollo3.ApolloLink.from([hashes, new apollo3.HttpLink({ uri: url })]);
    const client = new apollo3.ApolloClient({ link, cache: new apollo3.InMemoryCache() });
    for (const n of [1, 2])
      expect((await client.query({ query: document, variables: { n } })).data).toEqual({ add: n + 1 });
    expect([calls(), requests().length]).toEqual([2, 3]);
  });

  test.each([false, true, "force", "within-url-limit"] as const)(
    "urql, queries by GET: %s",
    async (preferGetMethod) => {
      const { url, calls, requests } = await start();
      const exchange = persistedExchange({
        preferGetForPersistedQueries: preferGetMethod,
        generateHash: async (text) => sha256(text),
      });
      const client = new Client({ url, exchanges: [exchange, fetchExchange], preferGetMethod: false });
      for (const n of [1, 2]) {
        const { data, error } = await client.query(document, { n }).toPromise();
        expect([error, data]).toEqual([undefined, { add: n + 1 }]);
      }
      expect([calls(), requests().length]).toEqual([2, 3]);
    },
  );
});

test("a hash gets the error code and the exact message that clients expect, and is not cacheable", async () => {
  const { url, calls } = await start();
  const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } });
  const expected = [{ message: "PersistedQueryNotSupported", extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } }];
  for (const [accept, status] of [
    ["application/json", 200],
    ["application/graphql-response+json", 400],
  ] as const) {
    const headers = { accept, "content-type": "application/json" };
    const responses = [
      await fetch(url, { method: "POST", headers, body: `{"extensions":${extensions}}` }),
      await fetch(url, { method: "POST", headers, body: '{"documentId":"sha256:1"}' }),
      await fetch(url, { method: "POST", headers, body: '{"id":"1"}' }),
      await fetch(`${url}?extensions=${encodeURIComponent(extensions)}`, { headers }),
      await fetch(`${url}?documentId=1`, { headers }),
    ];
    for (const response of responses) {
      expect([response.status, response.headers.get("cache-control")]).toEqual([status, "no-store"]);
      expect(await response.json()).toEqual({ errors: expected });
    }
  }
  expect(calls()).toBe(0);
});
