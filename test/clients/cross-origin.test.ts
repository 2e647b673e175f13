import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { PageReport } from "./page/country.ts";
import { openWindow, useChromium, type WindowReport } from "./support/browser.ts";
import { sunResponse } from "./support/controlled-sun.ts";
import { type PageServer, startPageServer } from "./support/page-server.ts";
import { collectResults } from "./support/results.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const chromium = useChromium();
// Browsers are slow on small machines.
vi.setConfig({ testTimeout: 60_000 });

let server: PageServer | undefined;
beforeAll(async () => {
  server = await startPageServer();
});
afterAll(() => server?.close());

/** A page on another origin than the gateway, as during development. */
async function openPage(): Promise<[Page, WindowReport]> {
  if (server === undefined) throw new Error("Pages are available only within the tests.");
  const [context, report] = await openWindow(chromium(), [server.origin, new URL(atlas().url).origin]);
  const page = await context.newPage();
  await page.goto(`${server.origin}/page`);
  return [page, report];
}

/** Calls a function of page/country.ts in the page. A string, because the test runner transforms `import()` in code. */
const inPage = <Value>(page: Page, call: string): Promise<Value> =>
  page.evaluate(`import("/page/country.ts").then((country) => country.${call})`);

test("Apollo Client in a page of another origin shows a country, and its sun afterwards", async () => {
  const [page, report] = await openPage();
  const states = collectResults<PageReport>();
  await page.exposeFunction("report", states.take);
  await inPage(page, `showCountry("${atlas().url}", "NO", report)`);
  expect(await states.next()).toMatchObject({ dataState: "empty", loading: true });
  const first = await states.next();
  expect(first).toMatchObject({ dataState: "streaming", data: { country: { capital: { name: "Oslo" } } } });
  expect(JSON.stringify(first)).not.toContain("sunrise");
  await atlas().sun.called();
  atlas().sun.resume();
  const { sunrise } = sunResponse;
  expect(await states.next()).toMatchObject({
    dataState: "complete",
    data: { country: { capital: { sun: { sunrise } } } },
  });
  expect(report).toEqual({ externalRequests: [], problems: [] });
});

test("a page of another origin can request the calls, and read the id of a request", async () => {
  const [page, report] = await openPage();
  const { id, calls } = await inPage<{ id: string; calls: unknown }>(page, `queryWithHeaders("${atlas().url}")`);
  expect(id).toMatch(/\S/);
  expect(calls).toMatchObject([{ source: "countries" }]);
  expect(report).toEqual({ externalRequests: [], problems: [] });
});
