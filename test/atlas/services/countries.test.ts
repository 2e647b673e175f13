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

test("a repeated parameter gives every country that it names", async () => {
  expect(await found("?cca2=DE&cca2=FR&cca2=XX")).toEqual(["DE", "FR"]);
  expect(await found("?cca3=JPN&cca3=ECU")).toEqual(["EC", "JP"]);
});

test("all 250 countries can be asked for by code at once", async () => {
  expect(await found(`?${rows.map(({ cca2 }) => `cca2=${cca2}`).join("&")}`)).toHaveLength(250);
});

test("1000 repeated values are all looked at; a thousand-and-first is not", async () => {
  const unknown = (count: number) => Array<string>(count).fill("cca2=ZZ");
  expect(await found(`?${[...unknown(999), "cca2=DE"].join("&")}`)).toEqual(["DE"]);
  expect(await found(`?${[...unknown(1000), "cca2=DE"].join("&")}`)).toEqual([]);
});

test("countries can be filtered by region and by a part or the beginning of the name", async () => {
  expect(await found("?region=Antarctic")).toEqual(["AQ", "TF", "BV", "HM", "GS"]);
  expect(await found("?name.common_like=%5Ezea")).toEqual([]);
  expect(await found("?name.common_like=ZEA")).toEqual(["NZ"]);
  expect(await found("?name.common_gte=Zi")).toEqual(["AX", "ZW"]);
});

test("a sorted page comes with the number of all", async () => {
  const response = await fetch(`${service.url}/countries?region=Europe&_sort=name.common&_order=asc&_start=1&_limit=2`);
  expect(response.headers.get("x-total-count")).toBe(String(rows.filter(({ region }) => region === "Europe").length));
  expect(await response.json()).toMatchObject([{ cca2: "AD" }, { cca2: "AT" }]);
});

test("one country has an address of its own", async () => {
  const response = await fetch(`${service.url}/countries/BQ`);
  expect(await response.json()).toMatchObject({ name: { common: "Caribbean Netherlands" }, flag: "🇧🇶" });
  expect((await fetch(`${service.url}/countries/ZZ`)).status).toBe(404);
});

test.each(["POST", "PUT", "PATCH", "DELETE"])("%s changes nothing", async (method) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${service.url}/countries/DE`, { method, headers, body: '{"cca2":"DE"}' });
  expect(response.status).toBe(403);
  expect(await found("?cca3=DEU&region=Europe")).toEqual(["DE"]);
});
