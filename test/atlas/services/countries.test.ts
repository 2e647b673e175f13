import { type Serving, serving } from "tributary-testing/serving.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCountriesServer } from "../../../atlas/services/countries.ts";
import { loadCountries } from "../../../atlas/services/country-data/load.ts";
import type { CountryRow } from "../../../atlas/services/country-data/row.ts";

let rows: CountryRow[];
let service: Serving;

beforeAll(async () => {
  rows = await loadCountries();
  service = await serving(await createCountriesServer(rows));
});

afterAll(() => service[Symbol.asyncDispose]());

async function found(query: string): Promise<string[]> {
  const response = await fetch(`${service.url}/countries${query}`);
  const countries: CountryRow[] = JSON.parse(await response.text());
  return countries.map(({ cca2 }) => cca2);
}

test("a repeated parameter returns all countries with these codes", async () => {
  expect(await found("?cca2=DE&cca2=FR&cca2=XX")).toEqual(["DE", "FR"]);
  expect(await found("?cca3=JPN&cca3=ECU")).toEqual(["EC", "JP"]);
});

test("one request can have the codes of all 250 countries", async () => {
  expect(await found(`?${rows.map(({ cca2 }) => `cca2=${cca2}`).join("&")}`)).toHaveLength(250);
});

test("the first 1000 values of a repeated parameter have an effect; the 1001st is ignored", async () => {
  const unknown = (count: number) => Array<string>(count).fill("cca2=ZZ");
  expect(await found(`?${[...unknown(999), "cca2=DE"].join("&")}`)).toEqual(["DE"]);
  expect(await found(`?${[...unknown(1000), "cca2=DE"].join("&")}`)).toEqual([]);
});

test("countries can be filtered by region, by a pattern for the name and by a lower bound of the name", async () => {
  expect(await found("?region=Antarctic")).toEqual(["AQ", "TF", "BV", "HM", "GS"]);
  expect(await found("?name.common_like=%5Ezea")).toEqual([]);
  expect(await found("?name.common_like=ZEA")).toEqual(["NZ"]);
  expect(await found("?name.common_gte=Zi")).toEqual(["AX", "ZW"]);
});

test("a sorted page has the total count in a header", async () => {
  const response = await fetch(`${service.url}/countries?region=Europe&_sort=name.common&_order=asc&_start=1&_limit=2`);
  expect(response.headers.get("x-total-count")).toBe(String(rows.filter(({ region }) => region === "Europe").length));
  expect(await response.json()).toMatchObject([{ cca2: "AD" }, { cca2: "AT" }]);
});

test("each country has a URL of its own", async () => {
  const response = await fetch(`${service.url}/countries/BQ`);
  expect(await response.json()).toMatchObject({ name: { common: "Caribbean Netherlands" }, flag: "🇧🇶" });
  expect((await fetch(`${service.url}/countries/ZZ`)).status).toBe(404);
});

test.each(["POST", "PUT", "PATCH", "DELETE"])("%s is 403 and changes nothing", async (method) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${service.url}/countries/DE`, { method, headers, body: '{"cca2":"DE"}' });
  expect(response.status).toBe(403);
  expect(await found("?cca3=DEU&region=Europe")).toEqual(["DE"]);
});
