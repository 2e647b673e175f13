import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { expect, test } from "vitest";
import { CityListDocument, CityPageDocument, CountryPageDocument } from "../../operations/operations.generated.ts";
import { sunResponse } from "./support/controlled-sun.ts";
import { resultsOf } from "./support/results.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();

const connect = () => new Client({ url: atlas().url, exchanges: [cacheExchange, fetchExchange] });

/**
 * The results of the country page, as a component gets them. `toPromise` would abort the stream after the first payload,
 * which urql reports as an unhandled AbortError.
 */
function showCountryPage(code: string) {
  const page = connect().query(CountryPageDocument, { code });
  return resultsOf<Awaited<typeof page>>((take) => page.subscribe(take));
}

test("a generated typed operation returns a country page", async () => {
  atlas().sun.resume();
  const next = showCountryPage("no");
  await next();
  const { data, error } = await next();
  expect(error).toBeUndefined();
  expect(data?.country).toMatchObject({ code: "NO", name: "Norway", region: "EUROPE", capital: { name: "Oslo" } });
  expect(data?.country?.capital?.sun?.sunrise).toBe(sunResponse.sunrise);
});

test("the end cursor of a page returns the next page", async () => {
  const client = connect();
  const page = async (after?: string | null) => {
    const { data } = await client.query(CityListDocument, { first: 3, after }).toPromise();
    return { names: data?.cities?.edges.map(({ node }) => node.name) ?? [], end: data?.cities?.pageInfo.endCursor };
  };
  const first = await page();
  const second = await page(first.end);
  expect(new Set([...first.names, ...second.names]).size).toBe(6);
});

test("an invalid id is an error with its code", async () => {
  const { data, error } = await connect().query(CityPageDocument, { id: "invalid" }).toPromise();
  expect(data).toEqual({ city: null });
  expect(error?.graphQLErrors).toMatchObject([{ path: ["city"], extensions: { code: "BAD_USER_INPUT" } }]);
});

test("a country page is shown before the response of the sun service, and its sun afterwards", async () => {
  const next = showCountryPage("NO");
  const first = await next();
  expect(first).toMatchObject({ hasNext: true, data: { country: { capital: { name: "Oslo" } } } });
  expect(first.data?.country?.capital?.sun).toBeUndefined();
  await atlas().sun.called();
  atlas().sun.resume();
  const last = await next();
  expect(last.hasNext).toBe(false);
  expect(last.data?.country?.capital?.sun?.sunset).toBe(sunResponse.sunset);
});

test("an error of the sun service leaves the other data of the page, and names the service", async () => {
  const next = showCountryPage("NO");
  expect((await next()).error).toBeUndefined();
  atlas().sun.fail();
  const { data, error } = await next();
  expect(data).toMatchObject({ country: { name: "Norway", capital: { name: "Oslo", sun: null } } });
  expect(error?.graphQLErrors).toMatchObject([
    { path: ["country", "capital", "sun"], extensions: { code: "UPSTREAM_UNAVAILABLE", source: "sun" } },
  ]);
});
