import { serving } from "tributary-testing/serving.ts";
import { expect, test } from "vitest";
import type { RateTable } from "../../../atlas/services/rate-table.ts";
import { createRatesServer, loadRates } from "../../../atlas/services/rates.ts";

const table: RateTable = { date: "2026-01-02", base: "EUR", rates: { EUR: 1, USD: 1.1, NOK: 11.7 } };

async function latestAt(time: number, everyMs = 10_000) {
  await using service = await serving(createRatesServer(table, [], { everyMs, now: () => time }));
  const response = await fetch(`${service.url}/latest`);
  const body: RateTable = await response.json();
  return { rates: body.rates, cacheControl: response.headers.get("cache-control"), etag: response.headers.get("etag") };
}

test("drifting rates are constant within an interval, and change with the next one", async () => {
  const [before, same, after] = [await latestAt(20_000), await latestAt(29_999), await latestAt(30_000)];
  expect(same.rates).toEqual(before.rates);
  expect(same.etag).toBe(before.etag);
  expect(after.rates.USD).not.toBe(before.rates.USD);
  expect(after.rates.NOK).not.toBe(before.rates.NOK);
  expect(after.etag).not.toBe(before.etag);
});

test("drifting rates are within 0.2 % of the snapshot, and the base is always 1", async () => {
  for (let step = 1; step <= 20; step++) {
    const { rates } = await latestAt(step * 10_000);
    expect(rates.EUR).toBe(1);
    for (const code of ["USD", "NOK"]) {
      expect(Math.abs((rates[code] ?? 0) / (table.rates[code] ?? 0) - 1)).toBeLessThanOrEqual(0.002);
    }
  }
});

test("a response with drifting rates expires at the next change", async () => {
  expect((await latestAt(20_000)).cacheControl).toBe("public, max-age=10, stale-if-error=86400");
  expect((await latestAt(29_500)).cacheControl).toBe("public, max-age=0, stale-if-error=86400");
});

test("without drift the rates are those of the snapshot", async () => {
  const snapshot = await loadRates();
  await using service = await serving(createRatesServer(snapshot, []));
  expect(await (await fetch(`${service.url}/latest`)).json()).toEqual(snapshot);
});
