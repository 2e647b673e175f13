import { CombinedGraphQLErrors, gql } from "@apollo/client";
import { expect, onTestFinished, test } from "vitest";
import {
  CityListDocument,
  CityPageDocument,
  CountryLinkFragmentDoc,
  CountryPageDocument,
} from "../../operations/operations.generated.ts";
import { createApolloClient } from "./support/apollo-client.ts";
import { sunResponse } from "./support/controlled-sun.ts";
import { resultsOf } from "./support/results.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();

function connect() {
  const client = createApolloClient(atlas().url);
  onTestFinished(() => client.stop());
  return client;
}

test("a generated typed operation returns a country page", async () => {
  atlas().sun.resume();
  const { data } = await connect().query({ query: CountryPageDocument, variables: { code: "no" } });
  expect(data?.country).toMatchObject({ code: "NO", name: "Norway", region: "EUROPE", capital: { name: "Oslo" } });
  expect(data?.country?.capital?.sun?.sunrise).toBe(sunResponse.sunrise);
});

test("a country in the results of two pages is one entry of the cache, by its id", async () => {
  atlas().sun.resume();
  const client = connect();
  const { data } = await client.query({ query: CountryPageDocument, variables: { code: "NO" } });
  const sweden = data?.country?.borders?.find(({ code }) => code === "SE");
  await client.query({ query: CountryPageDocument, variables: { code: "SWE" } });
  const id = `Country:${sweden?.id}`;
  // The id is from Norway's page, the official name from Sweden's own.
  expect(client.extract()).toMatchObject({ [id]: { code: "SE", officialName: "Kingdom of Sweden" } });
  expect(client.readFragment({ id, fragment: CountryLinkFragmentDoc })).toMatchObject({ name: "Sweden" });
});

test("a page keeps its data in the cache when another page reads other fields of the same objects", async () => {
  atlas().sun.resume();
  const client = connect();
  const items = gql`{ country(code: "NO") { id currencies { code name } cities(first: 2) { nodes { id } } capital { id sun { sunrise } } } }`;
  const rest = gql`{ country(code: "NO") { id currencies { code symbol } cities(first: 2) { totalCount } capital { id sun { sunset } } } }`;
  const { data } = await client.query({ query: items });
  await client.query({ query: rest });
  expect(data).toBeDefined();
  expect(client.readQuery({ query: items })).toEqual(data);
});

test("two pages of a connection are merged into one list", async () => {
  const list = connect().watchQuery({ query: CityListDocument, variables: { first: 3, orderBy: "POPULATION_DESC" } });
  const next = resultsOf(list.subscribe);
  const nextComplete = async () => {
    for (;;) {
      const { data, dataState, loading } = await next();
      if (dataState === "complete" && !loading && data.cities) return data.cities;
    }
  };
  const first = await nextComplete();
  expect(first.edges).toHaveLength(3);
  await list.fetchMore({ variables: { after: first.pageInfo.endCursor } });
  const both = await nextComplete();
  expect(both.edges.slice(0, 3)).toEqual(first.edges);
  expect(new Set(both.edges.map(({ node }) => node.id)).size).toBe(6);
});

test("an invalid id is an error with its code", async () => {
  const result = connect().query({ query: CityPageDocument, variables: { id: "invalid" } });
  const error = await result.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!CombinedGraphQLErrors.is(error)) throw new Error(`Expected GraphQL errors, got ${error}.`);
  expect(error.errors).toMatchObject([{ path: ["city"], extensions: { code: "BAD_USER_INPUT" } }]);
});

test("a country page is shown before the response of the sun service, and its sun afterwards", async () => {
  const page = connect().watchQuery({ query: CountryPageDocument, variables: { code: "NO" } });
  const next = resultsOf(page.subscribe);
  expect(await next()).toMatchObject({ dataState: "empty", loading: true });
  const first = await next();
  expect(first).toMatchObject({ dataState: "streaming", data: { country: { capital: { name: "Oslo" } } } });
  expect(first.data?.country?.capital).not.toHaveProperty("sun");
  await atlas().sun.called();
  atlas().sun.resume();
  const { data, dataState } = await next();
  if (dataState !== "complete") throw new Error(`Expected the state complete, got ${dataState}.`);
  expect(data.country?.capital?.sun?.sunset).toBe(sunResponse.sunset);
});

test("an error of the sun service leaves the other data of the page, and names the service", async () => {
  const page = connect().watchQuery({
    query: CountryPageDocument,
    variables: { code: "NO" },
    errorPolicy: "all",
  });
  const next = resultsOf(page.subscribe);
  await next();
  expect((await next()).error).toBeUndefined();
  atlas().sun.fail();
  const { data, error } = await next();
  expect(data).toMatchObject({ country: { name: "Norway", capital: { name: "Oslo", sun: null } } });
  if (!CombinedGraphQLErrors.is(error)) throw new Error(`Expected GraphQL errors, got ${error}.`);
  expect(error.errors).toMatchObject([
    { path: ["country", "capital", "sun"], extensions: { code: "UPSTREAM_UNAVAILABLE", source: "sun" } },
  ]);
});
