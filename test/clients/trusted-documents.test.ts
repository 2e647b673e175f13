import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { Defer20220824Handler } from "@apollo/client/incremental";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { Client, cacheExchange, type Exchange, fetchExchange } from "@urql/core";
import { cacheExchange as graphcache } from "@urql/exchange-graphcache";
import { persistedExchange } from "@urql/exchange-persisted";
import * as apollo3 from "apollo-client-3/core/core.cjs";
import { type DocumentNode, Kind, print } from "graphql";
import { createClient } from "graphql-ws";
import { describe, expect, onTestFinished, test } from "vitest";
import * as operations from "../../operations/operations.generated.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const { CityListDocument, RateChangedDocument } = operations;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const atlas = useServedAtlas({ TRUSTED_DOCUMENTS: "only" });

interface Manifest {
  readonly operations: Readonly<Record<string, { readonly documents: Readonly<Record<string, string>> }>>;
}

const manifest: Manifest = JSON.parse(
  readFileSync(new URL("../../operations/trusted-documents.json", import.meta.url), "utf8"),
);

const documents = Object.values(operations as unknown as Readonly<Record<string, DocumentNode>>).flatMap((document) => {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  // Clients keep their own texts in a document.
  return operation?.operation === "query" ? [structuredClone(document)] : [];
});

/** The requests of a client, which go nowhere. */
function recording() {
  const texts: string[] = [];
  const record: typeof fetch = async (_, init) => {
    texts.push(JSON.parse(String(init?.body)).query);
    return Response.json({ data: null });
  };
  return { texts, record };
}

const urqlTexts = async (...exchanges: readonly Exchange[]): Promise<string[]> => {
  const { texts, record } = recording();
  const client = new Client({
    url: "http://a.test",
    fetch: record,
    preferGetMethod: false,
    exchanges: [...exchanges, fetchExchange],
  });
  for (const document of documents) await client.query(structuredClone(document), {}).toPromise();
  return texts;
};

const sentBy: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  "Apollo Client 4": async () => {
    const { texts, record } = recording();
    const link = new HttpLink({ uri: "http://a.test", fetch: record });
    const incrementalHandler = new Defer20220824Handler();
    const client = new ApolloClient({ link, cache: new InMemoryCache(), incrementalHandler });
    for (const query of documents) await client.query({ query }).catch(() => undefined);
    return texts;
  },
  "Apollo Client 3": async () => {
    const { texts, record } = recording();
    const link = new apollo3.HttpLink({ uri: "http://a.test", fetch: record });
    const client = new apollo3.ApolloClient({ link, cache: new apollo3.InMemoryCache() });
    for (const query of documents) await client.query({ query }).catch(() => undefined);
    return texts;
  },
  urql: () => urqlTexts(),
  "urql with its document cache": () => urqlTexts(cacheExchange),
  "urql with graphcache": () => urqlTexts(graphcache()),
  "a client that prints them": async () => documents.map(print),
};

describe("the manifest of codegen has the text that is sent for every operation", () => {
  test.each(Object.keys(sentBy))("by %s", async (client) => {
    const known = Object.values(manifest.operations).flatMap((operation) => Object.values(operation.documents));
    const texts = (await sentBy[client]?.()) ?? [];
    expect(texts).toHaveLength(documents.length);
    expect(texts.filter((text) => !known.includes(text))).toEqual([]);
  });

  test("by its hash", () => {
    for (const { documents: byHash } of Object.values(manifest.operations)) {
      for (const [hash, text] of Object.entries(byHash)) expect(sha256(text)).toBe(hash);
    }
  });
});

describe("a gateway that executes trusted documents only", () => {
  /** Counts the requests, and keeps their bodies. */
  function counting() {
    const sent: string[] = [];
    const count: typeof fetch = (url, init) => {
      sent.push(init?.method === "GET" ? String(url) : String(init?.body));
      return fetch(url, init);
    };
    return { sent, count };
  }

  test.each([false, true])("answers Apollo Client's hashes at once, by GET: %s", async (useGETForHashedQueries) => {
    const { sent, count } = counting();
    const hashes = new PersistedQueryLink({ sha256, useGETForHashedQueries });
    const link = ApolloLink.from([hashes, new HttpLink({ uri: atlas().url, fetch: count })]);
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const { data } = await client.query({ query: CityListDocument, variables: { first: 2 } });
    expect(data?.cities?.edges).toHaveLength(2);
    expect(sent).toHaveLength(1);
    expect(sent[0]).not.toContain("query CityList");
  });

  test.each([false, true])("answers urql's hashes at once, by GET: %s", async (preferGetForPersistedQueries) => {
    const { sent, count } = counting();
    const persisted = persistedExchange({ preferGetForPersistedQueries, generateHash: async (text) => sha256(text) });
    const client = new Client({
      url: atlas().url,
      fetch: count,
      exchanges: [cacheExchange, persisted, fetchExchange],
      preferGetMethod: false,
    });
    const { data, error } = await client.query(CityListDocument, { first: 2 }).toPromise();
    expect([error, data?.cities?.edges.length, sent.length]).toEqual([undefined, 2, 1]);
    expect(sent[0]).not.toContain("query CityList");
  });

  test.each<[string, object]>([
    ["text", { query: print(RateChangedDocument) }],
    ["documentId", { query: "", documentId: `sha256:${sha256(print(RateChangedDocument))}` }],
  ])("lets graphql-ws subscribe by %s", async (_, payload) => {
    const client = createClient({ url: atlas().url.replace("http", "ws"), retryAttempts: 0 });
    onTestFinished(() => void client.dispose());
    const variables = { base: "EUR", to: "NOK" };
    for await (const { data, errors } of client.iterate({ query: "", ...payload, variables })) {
      expect([errors, data]).toEqual([undefined, { rateChanged: expect.anything() }]);
      break;
    }
  });

  test("refuses the texts of others", async () => {
    const client = new ApolloClient({ link: new HttpLink({ uri: atlas().url }), cache: new InMemoryCache() });
    await expect(client.query({ query: gql`query CityList { cities(first: 1) { totalCount } }` })).rejects.toThrow(
      "Only trusted documents are executed here",
    );
  });
});
