import { type Serving, serving } from "tributary-testing/serving.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeRates } from "../../../atlas/data/take-rates.ts";
import { type CurrencyDetails, currenciesOf } from "../../../atlas/services/country-data/currencies.ts";
import { loadCountries } from "../../../atlas/services/country-data/load.ts";
import type { CountryRow } from "../../../atlas/services/country-data/row.ts";
import type { RateTable } from "../../../atlas/services/rate-table.ts";
import { createRatesServer, loadRates } from "../../../atlas/services/rates.ts";

let countries: CountryRow[];
let service: Serving;

beforeAll(async () => {
  countries = await loadCountries();
  service = await serving(createRatesServer(await loadRates(), currenciesOf(countries)));
});

afterAll(() => service[Symbol.asyncDispose]());

const request = (path: string, init?: RequestInit) => fetch(service.url + path, init);

async function latest(query = ""): Promise<RateTable> {
  return JSON.parse(await (await request(`/latest${query}`)).text());
}

async function currencies(): Promise<CurrencyDetails[]> {
  return JSON.parse(await (await request("/currencies")).text());
}

test("the rates are of one day, and match the exchange rates that treaties fix", async () => {
  const { date, base, rates } = await latest();
  expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(base).toBe("EUR");
  expect(rates.EUR).toBe(1);
  expect(rates.XOF).toBeCloseTo(655.957, 3);
  expect(rates.XAF).toBeCloseTo(655.957, 3);
  expect(rates.BAM).toBeCloseTo(1.95583, 4);
  // By treaty, the krone is within 2.25 % of 7.46038.
  expect(Math.abs((rates.DKK ?? 0) / 7.46038 - 1)).toBeLessThan(0.0225);
});

test("cross rates are quotients of two rates", async () => {
  const { rates } = await latest();
  // The dirham and the riyal have been pegged to the dollar at 3.6725 and 3.75 for decades.
  expect((rates.AED ?? 0) / (rates.USD ?? 0)).toBeCloseTo(3.6725, 2);
  expect((rates.SAR ?? 0) / (rates.USD ?? 0)).toBeCloseTo(3.75, 2);
});

test("all currencies of the countries have a rate, except three local issues of another currency", async () => {
  const { rates } = await latest();
  const codes = (await currencies()).map(({ code }) => code);
  expect(codes.filter((code) => rates[code] === undefined)).toEqual(["CKD", "FOK", "KID"]);
  expect(Object.keys(rates).filter((code) => !codes.includes(code))).toEqual([]);
});

test("the name and symbol of a currency are those in the data of its countries", async () => {
  const byCode = new Map((await currencies()).map(({ code, ...details }) => [code, details]));
  for (const country of countries) {
    for (const [code, details] of Object.entries(country.currencies)) expect(byCode.get(code)).toEqual(details);
  }
  expect(byCode.get("JPY")).toEqual({ name: "Japanese yen", symbol: "¥" });
});

test("`symbols` filters the rates: unknown codes are absent, and an invalid code is 400", async () => {
  expect(Object.keys((await latest("?symbols=usd,JPY,CKD")).rates)).toEqual(["JPY", "USD"]);
  const response = await request("/latest?symbols=USD,1");
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: 'symbols: expected codes of three letters, such as USD,JPY, got "1"',
  });
});

test.each(["/latest", "/currencies"])("%s is cacheable, and is 304 for a client with the same ETag", async (path) => {
  const first = await request(path);
  expect(first.headers.get("cache-control")).toBe("public, max-age=3600, stale-if-error=86400");
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[\w-]+"$/);
  for (const ifNoneMatch of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const again = await request(path, { headers: { "if-none-match": ifNoneMatch } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  }
  expect((await request(path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
});

test("different responses have different ETags", async () => {
  const tags = ["/latest", "/latest?symbols=USD", "/currencies"].map(async (path) =>
    (await request(path)).headers.get("etag"),
  );
  expect(new Set(await Promise.all(tags)).size).toBe(3);
});

test("HEAD has no body, other methods are 405 and unknown paths 404", async () => {
  const head = await request("/latest", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const post = await request("/latest", { method: "POST", body: "{}" });
  expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect((await request("//")).status).toBe(404);
});

test("takeRates returns only the rates of the given currencies", () => {
  const document = { date: "2026-01-02", eur: { usd: 1.1, btc: 0.00001, eur: 1 } };
  expect(takeRates(document, ["EUR", "USD", "XXX"])).toEqual({
    date: "2026-01-02",
    base: "EUR",
    rates: { EUR: 1, USD: 1.1 },
  });
});
