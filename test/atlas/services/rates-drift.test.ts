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

test("drifting rates hold until the next change, and differ after it", async () => {
  const [before, still, after] = [await latestAt(20_000), await latestAt(29_999), await latestAt(30_000)];
  expect(still.rates).toEqual(before.rates);
  expect(still.etag).toBe(before.etag);
  expect(after.rates.USD).not.toBe(before.rates.USD);
  expect(after.rates.NOK).not.toBe(before.rates.NOK);
  expect(after.etag).not.toBe(before.etag);
});

test("they stay within a part in 500 of the snapshot, and the base is always 1", async () => {
  for (let step = 1; step <= 20; step++) {
    const { rates } = await latestAt(step * 10_000);
    expect(rates.EUR).toBe(1);
    for (const code of ["USD", "NOK"]) {
      expect(Math.abs((rates[code] ?? 0) / (table.rates[code] ?? 0) - 1)).toBeLessThanOrEqual(0.002);
    }
  }
});

test("a cache may keep them until the next change and no longer", async () => {
  expect((await latestAt(20_000)).cacheControl).toBe("public, max-age=10, stale-if-error=86400");
  expect((await latestAt(29_500)).cacheControl).toBe("public, max-age=0, stale-if-error=86400");
});

test("without a drift every rate stays that of the snapshot", async () => {
  const snapshot = await loadRates();
  await using service = await serving(createRatesServer(snapshot, []));
  expect(await (await fetch(`${service.url}/latest`)).json()).toEqual(snapshot);
});
