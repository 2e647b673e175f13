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

const ask = (path: string, init?: RequestInit) => fetch(service.url + path, init);

async function latest(query = ""): Promise<RateTable> {
  return JSON.parse(await (await ask(`/latest${query}`)).text());
}

async function currencies(): Promise<CurrencyDetails[]> {
  return JSON.parse(await (await ask("/currencies")).text());
}

test("the rates are those of one day, and keep to the pegs that are fixed by treaty", async () => {
  const { date, base, rates } = await latest();
  expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(base).toBe("EUR");
  expect(rates.EUR).toBe(1);
  expect(rates.XOF).toBeCloseTo(655.957, 3);
  expect(rates.XAF).toBeCloseTo(655.957, 3);
  expect(rates.BAM).toBeCloseTo(1.95583, 4);
  // Denmark keeps its krone within 2.25 % of 7.46038.
  expect(Math.abs((rates.DKK ?? 0) / 7.46038 - 1)).toBeLessThan(0.0225);
});

test("cross rates follow from the one table", async () => {
  const { rates } = await latest();
  // The dirham and the riyal have been pegged to the dollar at 3.6725 and 3.75 for decades.
  expect((rates.AED ?? 0) / (rates.USD ?? 0)).toBeCloseTo(3.6725, 2);
  expect((rates.SAR ?? 0) / (rates.USD ?? 0)).toBeCloseTo(3.75, 2);
});

test("every currency that a country uses has a rate, but for three local issues of another currency", async () => {
  const { rates } = await latest();
  const codes = (await currencies()).map(({ code }) => code);
  expect(codes.filter((code) => rates[code] === undefined)).toEqual(["CKD", "FOK", "KID"]);
  expect(Object.keys(rates).filter((code) => !codes.includes(code))).toEqual([]);
});

test("a currency has the name and the symbol that its countries give it", async () => {
  const byCode = new Map((await currencies()).map(({ code, ...details }) => [code, details]));
  for (const country of countries) {
    for (const [code, details] of Object.entries(country.currencies)) expect(byCode.get(code)).toEqual(details);
  }
  expect(byCode.get("JPY")).toEqual({ name: "Japanese yen", symbol: "¥" });
});

test("symbols narrow the table down; unknown ones are absent, nonsense is refused", async () => {
  expect(Object.keys((await latest("?symbols=usd,JPY,CKD")).rates)).toEqual(["JPY", "USD"]);
  const refused = await ask("/latest?symbols=USD,1");
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({
    error: 'symbols: expected codes of three letters, as in USD,JPY, got "1"',
  });
});

test.each(["/latest", "/currencies"])("%s may be kept, and is not sent again to who has it", async (path) => {
  const first = await ask(path);
  expect(first.headers.get("cache-control")).toBe("public, max-age=3600, stale-if-error=86400");
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[\w-]+"$/);
  for (const held of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const again = await ask(path, { headers: { "if-none-match": held } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  }
  expect((await ask(path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
});

test("different answers have different tags", async () => {
  const tags = ["/latest", "/latest?symbols=USD", "/currencies"].map(async (path) =>
    (await ask(path)).headers.get("etag"),
  );
  expect(new Set(await Promise.all(tags)).size).toBe(3);
});

test("HEAD is answered without a body, other methods and paths are refused", async () => {
  const head = await ask("/latest", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const post = await ask("/latest", { method: "POST", body: "{}" });
  expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect((await ask("//")).status).toBe(404);
});

test("a snapshot takes the currencies asked for, and no others", () => {
  const document = { date: "2026-01-02", eur: { usd: 1.1, btc: 0.00001, eur: 1 } };
  expect(takeRates(document, ["EUR", "USD", "XXX"])).toEqual({
    date: "2026-01-02",
    base: "EUR",
    rates: { EUR: 1, USD: 1.1 },
  });
});
